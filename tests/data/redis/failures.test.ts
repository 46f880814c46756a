import { expect } from "chai";
import { jobOptions } from "../../../workload/queue/options";
import { until } from "../../long/support/instance";
import type { WorkloadProcess } from "../support/workload";
import { QueueServers, queue } from "./servers";

const { attempts } = jobOptions;
/** Most that anything here takes, on a slow machine. */
const seconds = 120;

describe("jobs that fail, and workers that are held or stopped", () => {
  let servers: QueueServers;
  let worker: WorkloadProcess;

  before(async function () {
    servers = await QueueServers.start(this);
  });

  after(() => servers?.close());

  /** Submits a job of a new user, which the provider refuses this often. */
  async function job(failures = 0): Promise<{ user: number; id: string }> {
    const user = await servers.addUser(10);
    const [id = ""] = await servers.submit(user, 1);
    servers.provider.failures.set(id, failures);
    return { user, id };
  }

  const sql = (text: string, values: unknown[] = []) =>
    servers.database.write(async (client) => (await client.query(text, values)).rows);
  const stateOf = async (id: string) => (await sql("SELECT state FROM jobs WHERE id = $1", [id]))[0]?.state as string;
  const becomes = (state: string, id: string) =>
    until(
      async () => (await stateOf(id)) === state,
      () => `${id} is not ${state}:\n${worker.log}`,
      seconds,
    );

  it("are tried again until they succeed, or are given up with their credits back, once", async () => {
    const [again, never, late] = [
      await job(2),
      await job(Number.POSITIVE_INFINITY),
      await job(Number.POSITIVE_INFINITY),
    ];
    // Giving this one up fails, too, at first.
    const refused = `CHECK (user_id <> ${late.user} OR state <> 'failed')`;
    await sql(`ALTER TABLE jobs ADD CONSTRAINT not_yet ${refused} NOT VALID`);
    worker = await servers.startWorker();
    await becomes("done", again.id);
    expect(servers.provider.calls.get(again.id)).to.equal(3);
    expect(await servers.effects(again.user)).to.include({ images: 1, doubled: 0, credits: 9 });

    await becomes("failed", never.id);
    expect(servers.provider.calls.get(never.id)).to.equal(attempts);
    expect(await servers.effects(never.user)).to.include({ done: 0, images: 0, credits: 10 });

    await until(
      async () => (await servers.queues.of(queue).getJobState(late.id)) === "failed",
      () => worker.log,
      seconds,
    );
    expect(await servers.effects(late.user)).to.include({ done: 0, credits: 9 });
    await sql("ALTER TABLE jobs DROP CONSTRAINT not_yet");
    // The sweep, which looks at every job that is queued for Postgres.
    await becomes("failed", late.id);
    expect(servers.provider.calls.get(late.id)).to.equal(attempts);
    expect(await servers.effects(late.user)).to.include({ images: 0, credits: 10 });
    // Whatever sweeps follow.
    await sql("UPDATE jobs SET checked_at = 'epoch'");
    const { user, id } = await job();
    await becomes("done", id);
    const balances = await Promise.all([never, late].map((one) => servers.effects(one.user)));
    expect([...balances.map(({ credits }) => credits), (await servers.effects(user)).credits]).to.deep.equal([
      10, 10, 9,
    ]);
  });

  it("run again where Postgres came back from a backup and knows nothing of their end", async () => {
    const { user, id } = await job();
    await becomes("done", id);
    await until(
      async () => (await servers.queues.of(queue).getJobState(id)) === "completed",
      () => worker.log,
      seconds,
    );
    await sql("DELETE FROM effects");
    await sql("DELETE FROM images WHERE job_id = $1", [id]);
    await sql("UPDATE jobs SET state = 'queued', result = NULL, checked_at = 'epoch' WHERE id = $1", [id]);
    await becomes("done", id);
    expect(await servers.effects(user)).to.include({ done: 1, images: 1, doubled: 0, credits: 9 });
  });

  it("wait while the mode is not normal, in workers that are ready; they go on after it", async () => {
    const reader = await servers.startWorker();
    for (const mode of ["read-only", "maintenance"]) {
      const lines = (held: boolean) => [worker, reader].map(({ log }) => log.split(`"held":${held}`).length);
      const before = { held: lines(true), free: lines(false) };
      const more = (counts: number[]) => counts.map((count) => count + 1);
      await servers.redis.hset("switches", "mode", mode);
      await until(
        async () => String(lines(true)) === String(more(before.held)),
        () => worker.log,
        seconds,
      );
      const { id } = await job();
      expect((await worker.ask("/healthz")).status).to.equal(200);
      await until(
        async () => Number(/^queue_oldest_job_seconds\S* (\S+)$/m.exec((await worker.ask("/metrics")).text)?.[1]) > 5,
        () => `no job waits:\n${worker.log}`,
        seconds,
      );
      expect([servers.provider.calls.has(id), await stateOf(id)]).to.deep.equal([false, "queued"]);
      await servers.redis.hset("switches", "mode", "normal");
      await until(
        async () => String(lines(false)) === String(more(before.free)),
        () => worker.log,
        seconds,
      );
      await becomes("done", id);
    }
    // One that starts meanwhile holds from its first job on.
    await servers.redis.hset("switches", "mode", "maintenance");
    await servers.killWorkers();
    const { id } = await job();
    worker = await servers.startWorker();
    await until(
      async () => Number(/^queue_oldest_job_seconds\S* (\S+)$/m.exec((await worker.ask("/metrics")).text)?.[1]) > 2,
      () => `no job waits:\n${worker.log}`,
      seconds,
    );
    expect(servers.provider.calls.has(id)).to.equal(false);
    await servers.redis.del("switches");
    await becomes("done", id);
  });

  it("do not keep a worker that is stopped while Redis is away", async () => {
    await servers.cluster.close();
    expect(await worker.stop(), worker.log).to.equal(0);
    expect(worker.log).to.contain('"msg":"stopped"');
  });
});
