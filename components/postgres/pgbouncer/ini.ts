import type { PgBouncerSize } from "../../../tiers";
import type { ConnectionBudget } from "../../../tiers/connections";
import { ports } from "../../support/names";
import { identifiers } from "../common/settings";

export type PgBouncerSettings = Readonly<Record<string, string | number>>;

/** Folder of everything PgBouncer reads, and files in it. */
export const folder = "/etc/pgbouncer";
export const files = {
  ini: "pgbouncer.ini",
  users: "userlist.txt",
  serverCa: "server-ca.crt",
  certificate: "tls.crt",
  key: "tls.key",
  drain: "drain.sh",
} as const;

/** Where the socket of the admin console is. */
export const socketFolder = "/tmp";

/** User of the exporter: it may read statistics and nothing else. */
export const statsUser = "pgbouncer_exporter";

/** Good for any size; a size may say otherwise. */
export const defaults: PgBouncerSettings = {
  // Protocol-level prepared statements work in transaction mode; SQL's PREPARE does not.
  max_prepared_statements: 200,
  // What drivers send that a pooled connection cannot keep.
  ignore_startup_parameters: "extra_float_digits,options",
  // Waiting longer helps nobody: the caller gets an error while it still can act on it.
  query_wait_timeout: 30,
  client_login_timeout: 15,
  server_connect_timeout: 5,
  // Short, so that a failover or one replica's restart is over soon.
  server_login_retry: 1,
  dns_max_ttl: 5,
  // An idle pool gives its connections back; a lasting connection is renewed, and so spread again over the replicas.
  server_idle_timeout: 300,
  server_lifetime: 1800,
  server_check_delay: 10,
  listen_backlog: 1024,
  // A server or client whose network is gone is noticed within a minute.
  tcp_keepalive: 1,
  tcp_keepidle: 30,
  tcp_keepintvl: 10,
  tcp_keepcnt: 3,
  tcp_user_timeout: 60000,
  // The exporter has the figures; a line a connection would be most of the log.
  log_connections: 0,
  log_disconnections: 0,
  log_stats: 0,
};

/** What the sizes decide. */
export function sizeSettings(size: PgBouncerSize, budget: ConnectionBudget, replicas: number): PgBouncerSettings {
  return {
    max_client_conn: size.maxClientConnections,
    default_pool_size: budget.poolSize,
    reserve_pool_size: budget.reservePoolSize,
    reserve_pool_timeout: 3,
    // Reuse the last connection, or take turns where several servers share the load.
    server_round_robin: replicas > 1 ? 1 : 0,
  };
}

/** What holds whatever the sizes say: the product's contract, and its security. */
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

/** Entries of `[databases]`: writers go to the primary, readers to the replicas in turn, or to the primary as well. */
export function databases(host: string, readHosts: string[]): Record<string, PgBouncerSettings> {
  const entry = (hosts: string[]) => ({ host: hosts.join(","), port: ports.postgres, dbname: identifiers.database });
  return {
    [identifiers.database]: entry([host]),
    [identifiers.readDatabase]: entry(readHosts.length > 0 ? readHosts : [host]),
  };
}

export interface IniArgs {
  databases: Record<string, PgBouncerSettings>;
  defaults: PgBouncerSettings;
  sizes: PgBouncerSettings;
  forced: PgBouncerSettings;
}

const sorted = <T>(record: Readonly<Record<string, T>>) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** pgbouncer.ini: defaults give way to sizes, and both to what is forced. */
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

/** userlist.txt: users and their SCRAM verifiers. */
export function renderUserlist(verifiers: Record<string, string>): string {
  return sorted(verifiers)
    .map(([user, verifier]) => `"${user}" "${verifier}"\n`)
    .join("");
}
