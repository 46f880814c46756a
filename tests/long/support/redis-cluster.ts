import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderAuth, renderConfig } from "../../../components/redis/cluster/config";
import { until } from "./instance";
import { stopped } from "./postgres";
import { findCommands, freePort, makeCertificates, password } from "./valkey";

/** How long a node may be silent before its replica takes over, in milliseconds. ElastiCache does not say its own. */
const nodeTimeoutMs = 2000;

interface Node {
  port: number;
  folder: string;
  process?: ChildProcess;
}

/**
 * A Redis cluster of several nodes on loopback, each with the settings that the stack renders for its Valkey: TLS,
 * passwords, append-only file, no eviction. The nodes announce `localhost` as their host.
 */
export class RedisCluster {
  private readonly nodes: Node[] = [];

  private constructor(
    readonly folder: string,
    private readonly commands: Record<string, string>,
    private readonly memoryMiB: number,
  ) {}

  /**
   * Starts masters, each with as many replicas. Undefined where a command is missing.
   * @param memoryMiB  of a node's container
   */
  static async start(masters: number, replicas: number, memoryMiB = 192): Promise<RedisCluster | undefined> {
    const commands = findCommands();
    if (!commands) return undefined;
    const folder = mkdtempSync(join(tmpdir(), "tierstack-redis-"));
    const cluster = new RedisCluster(folder, commands, memoryMiB);
    makeCertificates(folder, "serverAuth,clientAuth");
    writeFileSync(join(folder, "auth.conf"), `${renderAuth([password])}masterauth ${password}\n`);
    for (let index = 0; index < masters * (replicas + 1); index++) {
      // The node before takes its port only once it has started.
      const after = cluster.nodes.at(-1);
      const node = { port: await freePort(after && after.port + 1), folder: join(folder, `node-${index}`) };
      cluster.nodes.push(node);
      cluster.configure(node);
      cluster.launch(node);
    }
    for (const { port } of cluster.nodes) await cluster.until(() => cluster.ask(port, "ping") === "PONG");
    await cluster.form(masters, replicas);
    return cluster;
  }

  /** URL of the cluster, as the stack sets it. */
  get url(): string {
    return `rediss://:${password}@localhost:${this.nodes[0]?.port}`;
  }

  get caFile(): string {
    return join(this.folder, "ca.crt");
  }

  get ca(): string {
    return readFileSync(this.caFile, "utf8");
  }

  /** Returns the port of the master that has a key. */
  masterOf(key: string): number {
    const slot = Number(this.ask(this.living(), "cluster", "keyslot", key));
    const shards = this.ask(this.living(), "cluster", "nodes").split("\n");
    const owner = shards.find((line) => {
      const [, , flags = "", , , , , , ...ranges] = line.split(" ");
      if (!flags.includes("master") || flags.includes("fail")) return false;
      return ranges.some((range) => {
        const [first, last = first] = range.split("-").map(Number);
        return slot >= (first as number) && slot <= (last as number);
      });
    });
    return Number(/:(\d+)@/.exec(owner ?? "")?.[1]);
  }

  /** Kills a node, as the loss of its machine does. */
  async kill(port: number): Promise<void> {
    const node = this.nodeAt(port);
    if (node.process) await stopped(node.process, "SIGKILL");
    node.process = undefined;
  }

  /** Starts a node that was killed. It returns as a replica. */
  async restart(port: number): Promise<void> {
    this.launch(this.nodeAt(port));
    await this.until(() => this.ask(port, "ping") === "PONG");
  }

  /** Waits until every slot has a master that serves it. */
  async whole(): Promise<void> {
    await this.until(() => this.ask(this.living(), "cluster", "info").includes("cluster_state:ok"));
  }

  /** Waits until each master's replicas follow it. */
  async replicated(): Promise<void> {
    const linked = (port: number) => {
      const info = this.ask(port, "info", "replication");
      return info.includes("role:master") || info.includes("master_link_status:up");
    };
    await this.until(() => this.nodes.every(({ process, port }) => !process || linked(port)));
  }

  async close(): Promise<void> {
    for (const { process } of this.nodes) if (process) await stopped(process, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private nodeAt(port: number): Node {
    const node = this.nodes.find((one) => one.port === port);
    if (!node) throw new Error(`no node on port ${port}`);
    return node;
  }

  private living(): number {
    return (this.nodes.find(({ process }) => process) as Node).port;
  }

  private configure({ port, folder }: Node): void {
    mkdirSync(folder);
    const file = (name: string) => join(this.folder, name);
    const text = renderConfig({
      hostname: "localhost",
      port,
      memoryMiB: this.memoryMiB,
      files: {
        data: folder,
        auth: file("auth.conf"),
        authority: this.caFile,
        certificate: file("tls.crt"),
        key: file("tls.key"),
      },
    });
    writeFileSync(
      join(folder, "redis.conf"),
      `${text}bind 127.0.0.1\ncluster-node-timeout ${nodeTimeoutMs}\ntls-replication yes\nrepl-diskless-sync-delay 0\n`,
    );
  }

  private launch(node: Node): void {
    const command = this.commands["valkey-server"] as string;
    node.process = spawn(command, [join(node.folder, "redis.conf")], { stdio: "ignore" });
  }

  private async form(masters: number, replicas: number): Promise<void> {
    const hosts = this.nodes.map(({ port }) => `127.0.0.1:${port}`);
    const create = ["--cluster", "create", ...hosts, "--cluster-replicas", String(replicas), "--cluster-yes"];
    if (masters >= 3) this.cli(this.living(), create);
    else this.cli(this.living(), ["cluster", "addslotsrange", "0", "16383"]);
    await this.whole();
    await this.replicated();
    // Each node must know that the cluster serves.
    for (const { port } of this.nodes)
      await this.until(() => this.ask(port, "cluster", "info").includes("cluster_state:ok"));
  }

  private cli(port: number, words: string[]): string {
    const connection = ["--tls", "--cacert", this.caFile, "-h", "127.0.0.1", "--sni", "localhost", "-p", String(port)];
    const env = { PATH: process.env.PATH, REDISCLI_AUTH: password, VALKEYCLI_AUTH: password };
    return execFileSync(this.commands["valkey-cli"] as string, [...connection, ...words], { env, stdio: "pipe" })
      .toString()
      .trim();
  }

  /** Returns the answer of a node; nothing while it does not answer. */
  ask(port: number, ...words: string[]): string {
    try {
      return this.cli(port, words);
    } catch {
      return "";
    }
  }

  private until(condition: () => boolean): Promise<void> {
    return until(condition, () => "the Redis cluster", 30);
  }
}
