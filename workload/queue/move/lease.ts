import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "ioredis";
import { lease, release } from "./scripts";

const key = "tierstack:move";

/** Another run moves jobs, or this one stood still for so long that another may have begun. */
export class LeaseLost extends Error {}

/** Sees to it that one run at a time moves jobs out of a Redis. */
export class Lease {
  private readonly token = randomUUID();
  private until = 0;

  private constructor(
    private readonly redis: Cluster,
    private readonly ms: number,
  ) {}

  /**
   * Takes the lease; waits for that of a run that was killed.
   * @param ms  how long a run may stand still
   * @throws LeaseLost  if another run keeps it
   */
  static async take(redis: Cluster, ms: number): Promise<Lease> {
    const taken = new Lease(redis, ms);
    for (const end = Date.now() + 2 * ms; ; await sleep(ms / 10)) {
      if (await taken.renew()) return taken;
      if (Date.now() > end) throw new LeaseLost("another run moves jobs: wait for its end, or stop it");
    }
  }

  /** Renews the lease where a third of it has passed. @throws LeaseLost  if another run has it */
  async hold(): Promise<void> {
    if (Date.now() < this.until - (2 * this.ms) / 3) return;
    if (Date.now() >= this.until || !(await this.renew()))
      throw new LeaseLost("this run stood still for too long: start it again");
  }

  async end(): Promise<void> {
    await this.redis.eval(release, 1, key, this.token);
  }

  private async renew(): Promise<boolean> {
    const before = Date.now();
    const renewed = (await this.redis.eval(lease, 1, key, this.token, this.ms)) === 1;
    if (renewed) this.until = before + this.ms;
    return renewed;
  }
}
