import { join } from "node:path";
import type { MemoryCgroup } from "../../long/support/cgroup";
import { components, type PooledServer, type Process } from "../../long/support/pooler";
import { freePort, stopped } from "../../long/support/postgres";
import type { Endpoint, Service } from "../../long/support/service";

interface Pod extends Endpoint {
  process: Process;
}

export interface PodsArgs {
  server: PooledServer;
  /** Hosts of the read replicas. @default none */
  readHosts?: string[];
  /** Port of the host names of the primary and the replicas. @default the server's own */
  databasePort?: number;
  /** Returns the cgroup of a pod. @default none */
  cgroup?: () => MemoryCgroup | undefined;
}

/** The pods of PgBouncer's Deployment: processes, each on a port of its own. */
export class Pods {
  readonly ready: Pod[] = [];
  private readonly draining: Promise<unknown>[] = [];
  private count = 0;

  private constructor(private readonly args: PodsArgs) {}

  /** Starts as many pods as the server's tier has. */
  static async start(args: PodsArgs): Promise<Pods> {
    const pods = new Pods(args);
    for (let pod = 0; pod < args.server.sizes.pgbouncer.replicas; pod++) await pods.add();
    return pods;
  }

  private async add(): Promise<void> {
    const { server, readHosts, databasePort, cgroup } = this.args;
    const port = await freePort();
    const pod = { name: `-${this.count++}`, port, ...(databasePort && { databasePort }) };
    const process = await server.startPooler(server.sizes.pgbouncer, cgroup?.(), readHosts, pod);
    this.ready.push({ host: "127.0.0.1", port, process });
  }

  /**
   * A rolling update: for each old pod a new one gets ready, and then the old one loses its new clients and is drained.
   * Old pods drain while the next ones start.
   * @param drainSeconds  after which those who stay are sent away
   */
  async roll(service: Service, drainSeconds: number): Promise<void> {
    for (const old of [...this.ready]) {
      await this.add();
      this.ready.splice(this.ready.indexOf(old), 1);
      service.route(...this.ready);
      this.draining.push(this.drain(old, drainSeconds));
    }
  }

  /** A pod crashes: it serves nobody from now on, and another one takes its place. */
  async crash(service: Service): Promise<void> {
    const [lost] = this.ready.splice(0, 1);
    service.route(...this.ready);
    lost?.process.kill("SIGKILL");
    await this.add();
    service.route(...this.ready);
  }

  /** Runs the pod's `preStop`. The kubelet's SIGTERM follows it, and finds no process any more. */
  private drain({ port, process }: Pod, drainSeconds: number): Promise<unknown> {
    const script = join(components, "pgbouncer/drain.sh");
    const args = [port, 1, drainSeconds, process.pid].map(String);
    const draining = this.args.server.sandbox.start("sh", [script, ...args]);
    return Promise.all([stopped(draining), stopped(process)]);
  }

  /** Waits until every old pod is gone. */
  async drained(): Promise<void> {
    await Promise.all(this.draining.splice(0));
  }
}
