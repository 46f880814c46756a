import type { ClusterPostgresSize } from "../../../tiers";
import { ports } from "../../support/names";
import { archiveHba, archiveProgram, archiveSettings } from "../archive/settings";
import { identifiers, serverSettings, startSettings } from "../common/settings";

/** Folders of the server's container. */
export const folders = {
  /** Mount path of the volume. The data is in a subfolder, because a volume's root can contain lost+found. */
  volume: "/var/lib/postgresql/data",
  data: "/var/lib/postgresql/data/pgdata",
  config: "/etc/postgresql",
  tls: "/etc/postgresql-tls",
  sockets: "/var/run/postgresql",
} as const;

/** File in the folder of the configuration: the authorities of RDS, from which the server reads during a handover. */
export const managedCaFile = "managed-ca.crt";

const clamp = (min: number, value: number, max: number) => Math.max(min, Math.min(max, Math.floor(value)));

/** Returns the memory settings for a container size in MiB. The rest is for the backend processes. */
export function memorySettings(containerMiB: number, maxConnections: number): Record<string, string> {
  const sharedBuffers = clamp(16, containerMiB / 4, 8192);
  // A query can use work_mem several times, but only a few connections run a query at the same time.
  const workMem = clamp(1, (containerMiB - sharedBuffers) / (2 * maxConnections), 64);
  return {
    shared_buffers: `${sharedBuffers}MB`,
    effective_cache_size: `${clamp(16, containerMiB * 0.6, 65536)}MB`,
    maintenance_work_mem: `${clamp(8, containerMiB / 16, 1024)}MB`,
    // Of each slot that a handover reads from. PostgreSQL's default would be a quarter of MVP's memory.
    logical_decoding_work_mem: `${clamp(4, containerMiB / 16, 64)}MB`,
    work_mem: `${workMem}MB`,
  };
}

/** Write-ahead log that a slot or the archive may hold back, in MiB: a quarter of the volume. */
const heldWalMiB = ({ storageGiB }: Pick<ClusterPostgresSize, "storageGiB">) =>
  clamp(256, (storageGiB * 1024) / 4, 16384);

/** Returns the script that hands the write-ahead log to the node. */
export const archiveSh = (size: Pick<ClusterPostgresSize, "storageGiB">): string =>
  archiveProgram(folders, heldWalMiB(size));

/** Renders postgresql.conf, sorted by setting: of a server whose write-ahead log the node takes, or of another. */
export function postgresqlConf(size: ClusterPostgresSize, archive = false): string {
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
    // A tenth of the volume, so that a burst of writes cannot fill it.
    max_wal_size: `${clamp(128, (size.storageGiB * 1024) / 10, 4096)}MB`,
    // Always, for a handover (docs/handover.md): a server with a logical slot does not start with a lower level, so a level
    // that came and went with the handover could stop the database.
    wal_level: "logical",
    // A slot that nobody reads is given up before it fills the volume.
    max_slot_wal_keep_size: `${heldWalMiB(size)}MB`,
    ...(archive && archiveSettings(folders)),
    // Stops the query and closes the connection of a disconnected client.
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

/**
 * Renders pg_hba.conf: TLS and a password over the network. In the pod, the server's own user needs no password on the
 * Unix socket: whoever may run a command there can read the data folder anyway, and can so set a lost password.
 */
export function hbaConf(archive = false): string {
  const { superuser } = identifiers;
  return [
    "hostssl all all all scram-sha-256",
    `local all ${superuser} peer`,
    "local all all scram-sha-256",
    ...(archive ? [archiveHba] : []),
    "",
  ].join("\n");
}
