import type { PgBouncerSize } from "../../../tiers";
import { type ConnectionBudget, replicaTurns } from "../../../tiers/connections";
import { certificateFiles } from "../../support/exporter-web";
import { ports } from "../../support/names";
import { identifiers } from "../common/settings";

export type PgBouncerSettings = Readonly<Record<string, string | number>>;

/** Folder of everything PgBouncer reads. */
export const folder = "/etc/pgbouncer";
/** Files in the folder. */
export const files = {
  ini: "pgbouncer.ini",
  /** During a handover: the same for the server that it leads to. */
  next: "next.ini",
  users: "userlist.txt",
  serverCa: "server-ca.crt",
  ...certificateFiles,
  drain: "drain.sh",
  /** Of the exporter, where something scrapes it: TLS. In a folder of its own. */
  exporterWeb: "exporter-web.yml",
} as const;

/** Folder of what the exporter reads. */
export const exporterFolder = "/etc/pgbouncer-exporter";

/** Folder of the admin console's Unix socket. */
export const socketFolder = "/tmp";

/** User of the exporter. It may only read statistics. */
export const statsUser = "pgbouncer_exporter";
/** Resource of its password, which every rotation changes. */
export const statsPassword = "stats-password";

/** User of the handover's engine, which may pause the pools and change the file. */
export const adminUser = "handover_admin";

/** Defaults for every size. A size can override them. */
export const defaults: PgBouncerSettings = {
  // Protocol-level prepared statements work in transaction mode; SQL's PREPARE does not.
  // Each takes about 0.1 MiB of a server connection's memory (measured with statements of an ORM): 200 on ten connections
  // are more than MVP's Postgres has.
  max_prepared_statements: 50,
  // JDBC sends it; from PostgreSQL 12 on, its value makes no difference. Every other startup parameter that a pooled
  // connection cannot keep is refused, `options` included: a setting must not be lost without an error.
  ignore_startup_parameters: "extra_float_digits",
  // Restores the setting that makes `app_ro` read-only, should a client have changed it.
  track_extra_parameters: "IntervalStyle,default_transaction_read_only",
  // Fails while the caller can still act on the error.
  query_wait_timeout: 30,
  client_login_timeout: 15,
  // Short, for fast recovery from a failover or the loss of a replica. In seconds.
  server_connect_timeout: 3,
  server_login_retry: 0.2,
  dns_max_ttl: 5,
  // Closes idle server connections, and renews long-lived ones to rebalance them over the replicas.
  server_idle_timeout: 300,
  server_lifetime: 1800,
  server_check_delay: 10,
  listen_backlog: 1024,
  // Detects a dead peer within a minute.
  tcp_keepalive: 1,
  tcp_keepidle: 30,
  tcp_keepintvl: 10,
  tcp_keepcnt: 3,
  tcp_user_timeout: 60000,
  // The exporter provides these figures. One line per connection would dominate the log.
  log_connections: 0,
  log_disconnections: 0,
  log_stats: 0,
};

/** Returns the settings that depend on the size. */
export function sizeSettings(size: PgBouncerSize, budget: ConnectionBudget, replicas: number): PgBouncerSettings {
  return {
    max_client_conn: size.maxClientConnections,
    default_pool_size: budget.poolSize,
    reserve_pool_size: budget.reservePoolSize,
    reserve_pool_timeout: 3,
    // Reuses the last connection; with read replicas, takes turns.
    server_round_robin: replicas > 0 ? 1 : 0,
  };
}

/** Settings that no size can override: the contract with clients, and TLS. */
export const forced: PgBouncerSettings = {
  pool_mode: "transaction",
  listen_addr: "0.0.0.0",
  listen_port: ports.pgbouncer,
  unix_socket_dir: socketFolder,
  auth_type: "scram-sha-256",
  auth_file: `${folder}/${files.users}`,
  stats_users: statsUser,
  client_tls_sslmode: "require",
  client_tls_cert_file: `${folder}/${files.certificate}`,
  client_tls_key_file: `${folder}/${files.key}`,
  server_tls_sslmode: "verify-full",
  server_tls_ca_file: `${folder}/${files.serverCa}`,
};

/** Keeps a transaction from writing by mistake, on a replica and on the primary alike. */
const readOnly = "'SET default_transaction_read_only = on'";

/**
 * Returns the entries of `[databases]`: transactions, reads and sessions. The limit of each holds for all roles together.
 * PgBouncer opens a connection to the next host of a list, and to the one after it if that fails. So reads go on through
 * the other replicas and the primary while a replica is gone, and return to it by themselves. `load_balance_hosts=disable`
 * would use the primary only then, but stay there until PgBouncer restarts.
 */
export function databases(
  host: string,
  readHosts: string[],
  { poolSize, reservePoolSize, sessionPoolSize }: Pools,
): Record<string, PgBouncerSettings> {
  const entry = (hosts: string[], max_db_connections: number) => ({
    host: hosts.join(","),
    port: ports.postgres,
    dbname: identifiers.database,
    max_db_connections,
  });
  const turns = Array.from({ length: replicaTurns }, () => readHosts).flat();
  const pool = poolSize + reservePoolSize;
  return {
    [identifiers.database]: entry([host], pool),
    [identifiers.readDatabase]: { ...entry([...turns, host], pool), connect_query: readOnly },
    [identifiers.sessionDatabase]: {
      ...entry([host], sessionPoolSize),
      pool_mode: "session",
      pool_size: sessionPoolSize,
      reserve_pool: 0,
    },
  };
}

type Pools = Pick<ConnectionBudget, "poolSize" | "reservePoolSize" | "sessionPoolSize">;

export interface IniArgs {
  databases: Record<string, PgBouncerSettings>;
  defaults: PgBouncerSettings;
  sizes: PgBouncerSettings;
  forced: PgBouncerSettings;
}

const sorted = <T>(record: Readonly<Record<string, T>>) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** Renders pgbouncer.ini. Sizes override the defaults, and forced settings override both. */
export function renderIni(args: IniArgs): string {
  const settings = { ...args.defaults, ...args.sizes, ...args.forced };
  return [
    "[databases]",
    ...sorted(args.databases).map(
      ([name, entry]) =>
        `${name} = ${Object.entries(entry)
          .map(([key, value]) => `${key}=${value}`)
          .join(" ")}`,
    ),
    "",
    "[pgbouncer]",
    ...sorted(settings).map(([key, value]) => `${key} = ${value}`),
    "",
  ].join("\n");
}

/** Renders userlist.txt from SCRAM verifiers by user. */
export function renderUserlist(verifiers: Record<string, string>): string {
  return sorted(verifiers)
    .map(([user, verifier]) => `"${user}" "${verifier}"\n`)
    .join("");
}
