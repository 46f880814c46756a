import { maxmemoryPolicy } from "../common/settings";
import { maxMemoryMiB, maxmemoryClients } from "./memory";

/** Paths of the server's files. */
export interface ValkeyFiles {
  /** Folder of the volume: append-only file and `nodes.conf`. */
  data: string;
  /** Include file with the passwords. */
  auth: string;
  /** PEM of the certificate authority. */
  authority: string;
  certificate: string;
  key: string;
}

export interface ValkeyConfig {
  /** Host name of the node. CLUSTER SLOTS returns it to clients. */
  hostname: string;
  port: number;
  /** Memory of the container, in MiB. */
  memoryMiB: number;
  files: ValkeyFiles;
}

/**
 * Renders `valkey.conf` for a single-node cluster: clients use cluster mode on every tier, so the smallest has it too.
 * No command is renamed: queues need EVAL and CONFIG GET, and DEBUG and MODULE are off by default.
 */
export function renderConfig({ hostname, port, memoryMiB, files }: ValkeyConfig): string {
  const settings: [string, string | number][] = [
    ["include", files.auth],
    ["bind", "* -::*"],
    ["port", 0],
    ["tls-port", port],
    ["tls-cert-file", files.certificate],
    ["tls-key-file", files.key],
    ["tls-ca-cert-file", files.authority],
    ["tls-auth-clients", "no"],
    ["tls-cluster", "yes"],
    ["tls-protocols", '"TLSv1.2 TLSv1.3"'],
    ["cluster-enabled", "yes"],
    ["cluster-config-file", "nodes.conf"],
    // The host name outlives the pod; its IP address does not.
    ["cluster-announce-hostname", hostname],
    ["cluster-preferred-endpoint-type", "hostname"],
    ["cluster-require-full-coverage", "yes"],
    ["dir", files.data],
    ["appendonly", "yes"],
    ["appendfsync", "everysec"],
    // The append-only file contains everything. Snapshots would only cost memory for their fork.
    ["save", '""'],
    ["maxmemory", `${maxMemoryMiB(memoryMiB)}mb`],
    ["maxmemory-policy", maxmemoryPolicy],
    ["maxmemory-clients", maxmemoryClients],
  ];
  return `${settings.map(([name, value]) => `${name} ${value}`).join("\n")}\n`;
}

/** Renders the include file with the passwords that clients may use. They need no user name. */
export function renderAuth(passwords: string[]): string {
  const accepted = passwords.map((password) => `>${password}`);
  return `user default on ${accepted.join(" ")} ~* &* +@all\n`;
}
