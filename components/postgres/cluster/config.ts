import type { ClusterPostgresSize } from "../../../tiers";
import { ports } from "../../support/names";
import { serverSettings, startSettings } from "../common/settings";

/** Folders of the server's container. */
export const folders = {
  /** The volume. The data is in a folder below: a volume's own root has files of its file system. */
  volume: "/var/lib/postgresql/data",
  data: "/var/lib/postgresql/data/pgdata",
  config: "/etc/postgresql",
  tls: "/etc/postgresql-tls",
  sockets: "/var/run/postgresql",
} as const;

const clamp = (least: number, value: number, most: number) => Math.max(least, Math.min(most, Math.floor(value)));

/** Memory settings for a container, in MiB. What they leave is for the connections' own processes. */
export function memorySettings(containerMiB: number, maxConnections: number): Record<string, string> {
  const shared = clamp(16, containerMiB / 4, 8192);
  // A query may use several of these, but few of the connections run a query at once.
  const work = clamp(1, (containerMiB - shared) / (2 * maxConnections), 64);
  return {
    shared_buffers: `${shared}MB`,
    effective_cache_size: `${clamp(16, containerMiB * 0.6, 65536)}MB`,
    maintenance_work_mem: `${clamp(8, containerMiB / 16, 1024)}MB`,
    work_mem: `${work}MB`,
  };
}

/** postgresql.conf, sorted. */
export function postgresqlConf(size: ClusterPostgresSize): string {
  const settings: Record<string, string> = {
    ...memorySettings(size.container.memoryMiB, size.maxConnections),
    ...serverSettings,
    ...startSettings,
    data_directory: folders.data,
    hba_file: `${folders.config}/pg_hba.conf`,
    ident_file: `${folders.data}/pg_ident.conf`,
    listen_addresses: "*",
    port: String(ports.postgres),
    unix_socket_directories: folders.sockets,
    max_connections: String(size.maxConnections),
    password_encryption: "scram-sha-256",
    ssl: "on",
    ssl_cert_file: `${folders.tls}/tls.crt`,
    ssl_key_file: `${folders.tls}/tls.key`,
    // A tenth of the volume, so that a burst of writes does not fill it.
    max_wal_size: `${clamp(128, (size.storageGiB * 1024) / 10, 4096)}MB`,
    // A client that is gone does not keep its query running, nor its connection.
    client_connection_check_interval: "10s",
    tcp_keepalives_idle: "60",
    tcp_keepalives_interval: "10",
    tcp_keepalives_count: "3",
    log_timezone: "UTC",
    timezone: "UTC",
  };
  return `${Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} = '${value}'`)
    .join("\n")}\n`;
}

/** pg_hba.conf: over the network with TLS only; the socket is for pg_isready and for an operator in the pod. */
export function hbaConf(): string {
  return ["hostssl all all all scram-sha-256", "local all all scram-sha-256", ""].join("\n");
}
