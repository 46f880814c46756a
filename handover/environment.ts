/**
 * The environment of the handover: the one schema, by which the stack sets the variables and the engine reads them.
 * Every certificate authority is a file, because the servers' and PgBouncer's differ.
 */
import { z } from "zod";

const names = /^[a-z_][a-z0-9_]*$/;
const list = (what: string, item: RegExp, text: string) =>
  z
    .string()
    .transform((value) => value.split(",").map((part) => part.trim()))
    .pipe(z.array(z.string().regex(item, text)).min(1, `${what}, separated by commas`));

/** A URL of a role with what the stack gives the engine's (components/postgres/bootstrap/sql.ts), to the application's database. */
const database = z.string().regex(/^postgres(ql)?:\/\/[^/]+\/.+/, "a postgres:// URL with a database");

/** Milliseconds for which clients may wait, by default. */
export const defaultMaxPauseMs = 1000;

/** Variables of the engine's container. */
export const handoverVariables = z.object({
  /** The server in use at the start. `sslrootcert` names a file of the engine's container. */
  SOURCE_URL: database,
  /** The server to move to. Its `handover` schema has the state. */
  TARGET_URL: database,
  /** The source, as the target server reaches it. A file in `sslrootcert` is one of the target server. */
  SOURCE_REPLICATION_URL: database,
  /** The target, as the source server reaches it: for the way back. */
  TARGET_REPLICATION_URL: database,
  /** `host:port` of the PgBouncers, separated by commas. Each address of a name is a PgBouncer: a headless Service has them all. */
  POOLERS: list("host:port", /^[^\s:,]+:\d{1,5}$/, "host:port"),
  /** A user in PgBouncer's `admin_users`. */
  POOLER_USER: z.string().min(1),
  POOLER_PASSWORD: z.string().min(1),
  /** File with the authority of PgBouncer's certificate. */
  POOLER_CA: z.string().min(1),
  /** The name in PgBouncer's certificate. @default the host in `POOLERS` */
  POOLER_SERVERNAME: z.string().min(1).optional(),
  /** PgBouncer's configuration with the source: the one that it starts with. A path in PgBouncer's container. */
  SOURCE_CONFIG: z.string().startsWith("/").default("/etc/pgbouncer/pgbouncer.ini"),
  /** PgBouncer's configuration with the target. */
  TARGET_CONFIG: z.string().startsWith("/").default("/etc/pgbouncer/next.ini"),
  /** Roles of the clients. On the side that is not in use, none of them can log in. */
  FENCED_ROLES: list("names of roles", names, "a role's name").default(["app", "app_b"]),
  /** PgBouncer's databases in transaction mode. Their clients wait during the switch. */
  POOLED_DATABASES: list("names of databases", names, "a database's name").default(["app", "app_ro"]),
  /** PgBouncer's database in session mode. The switch disconnects its clients, once none is in a transaction. */
  SESSION_DATABASE: z.string().regex(names).default("app_session"),
  /**
   * Longest wait of a client, in milliseconds. A switch that would take longer is taken back, and tried again later.
   * @default 1000
   */
  MAX_PAUSE_MS: z.coerce.number().int().min(100).max(20_000).default(defaultMaxPauseMs),
  /** `automatic`: switch as soon as both sides are equal. @default manual */
  SWITCH: z.enum(["manual", "automatic"]).default("manual"),
});

export type HandoverEnvironment = z.output<typeof handoverVariables>;
/** The variables, as the stack sets them. */
export type HandoverVariables = z.input<typeof handoverVariables>;
