/** SQLSTATE classes and codes of a server that cannot serve now (PostgreSQL, "Appendix A. Error Codes"). */
const transient = [
  /^08/, // connection exceptions, PgBouncer's among them
  /^53/, // insufficient resources
  /^57P0/, // shutting down, starting up
  /^25006$/, // a primary that has become a replica
  /^58000$/, // what PgBouncer says where a server is missing
];

/** Errors of sockets and of the pool, which have no SQLSTATE. */
const broken =
  /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_)|timeout|terminated|Connection ended|not queryable|closed/i;

const sqlState = /^[0-9A-Z]{5}$/;

/** A store does not serve now. The caller gets 503 and may try again. */
export class Unavailable extends Error {
  constructor(
    readonly store: string,
    options?: ErrorOptions,
  ) {
    super(`${store} is not available`, options);
  }

  /** Returns the error of a store that does not serve now; undefined where the statement itself is at fault. */
  static of(error: unknown, store = "database"): Unavailable | undefined {
    if (error instanceof Unavailable) return error;
    const { code = "", message = "" } = error as { code?: string; message?: string };
    const matches =
      broken.test(code) ||
      (sqlState.test(code) ? transient.some((pattern) => pattern.test(code)) : broken.test(message));
    return matches ? new Unavailable(store, { cause: error }) : undefined;
  }
}
