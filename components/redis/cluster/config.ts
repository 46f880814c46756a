import { maxmemoryPolicy } from "../common/settings";

/** Where the server finds its files. */
export interface ValkeyFiles {
  /** Folder of the volume: append-only file and `nodes.conf`. */
  data: string;
  /** The part of the configuration that holds the password. */
  auth: string;
  /** PEM of the authority that issued the certificate. */
  authority: string;
  certificate: string;
  key: string;
}

export interface ValkeyConfig {
  /** Name under which clients reach the node; handed to them by CLUSTER SLOTS. */
  hostname: string;
  port: number;
  /** MiB of the container. */
  memoryMiB: number;
  files: ValkeyFiles;
}

/** Share of the container that data may take; the rest is for clients' buffers and a rewrite of the append-only file. */
const dataShare = 0.75;

/** `maxmemory`, in MiB. */
export function maxMemoryMiB(containerMiB: number): number {
  return Math.floor(containerMiB * dataShare);
}

/**
 * `valkey.conf` of the only node of a cluster: clients speak cluster mode on every tier, so the smallest has it too.
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
    // The name outlives the pod; its address does not.
    ["cluster-announce-hostname", hostname],
    ["cluster-preferred-endpoint-type", "hostname"],
    ["cluster-require-full-coverage", "yes"],
    ["dir", files.data],
    ["appendonly", "yes"],
    ["appendfsync", "everysec"],
    // The append-only file holds everything; a snapshot beside it would only take memory for its fork.
    ["save", '""'],
    ["maxmemory", `${maxMemoryMiB(memoryMiB)}mb`],
    ["maxmemory-policy", maxmemoryPolicy],
  ];
  return `${settings.map(([name, value]) => `${name} ${value}`).join("\n")}\n`;
}

/** The part of the configuration that is a secret. */
export function renderAuth(password: string): string {
  return `requirepass ${password}\n`;
}
