import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { waitingList } from "../../../components/workers/scaling";
import { until } from "../../long/support/instance";
import {
  type FaultResult,
  faults,
  measuredNow,
  postgresVersion,
  recordFault,
  redisVersion,
  sinceFault,
} from "../support/faults";
import { size } from "../support/full";
import { type Effects, QueueServers, queue } from "./servers";

const jobs = size(2000, 200);
/** What KEDA's scaler asks Redis: the length of the key that the stack names, whatever its type. */
const watched = waitingList({ name: queue });

describe("queues on a Redis cluster of 3 masters and 3 replicas", () => {
  let servers: QueueServers;
  let user: number;

  before(async function () {
    servers = await QueueServers.start(this);
  });

  beforeEach(async () => {
    servers.provider.delayMs = 5;
    servers.provider.calls.clear();
    user = await servers.addUser(jobs);
  });

  afterEach(() => servers.killWorkers());
  after(() => servers?.close());

  /** Each job done, with one image, and paid for once. */
  const once = { jobs, done: jobs, images: jobs, doubled: 0, credits: 0 };

  /** Waits until workers are in the middle of the jobs. */
  const middle = () =>
    until(
      async () => servers.provider.calls.size > jobs / 4,
      () => `only ${servers.provider.calls.size} jobs began`,
      120,
    );

  const record = (fault: FaultResult["fault"], saw: string, effects: Effects, recoveredSeconds?: number) =>
    recordFault({
      fault,
      saw,
      ...(recoveredSeconds !== undefined && { recoveredSeconds }),
      acknowledged: effects.jobs,
      lost: effects.jobs - effects.done,
      measured: measuredNow(postgresVersion(servers.postgres.bin.postgres), redisVersion()),
    });

  /** Submits a job that runs before the others. Returns the seconds since a fault at which it was done. */
  async function nextDone(since: () => number): Promise<number> {
    const [id] = (await servers.submit(user, 1, "high")) as [string];
    await until(
      () => servers.isDone(id),
      () => `job ${id} is not done`,
      120,
    );
    return since();
  }

  /** Calls of the provider that were made again. */
  const again = () => [...servers.provider.calls.values()].filter((calls) => calls > 1).length;

  it("fill the list that the stack's autoscaler watches", async () => {
    expect(await servers.redis.llen(watched)).to.equal(0);
    await servers.submit(user, 7, "normal");
    await servers.submit(user, 3, "high");
    // They add no workers.
    await servers.submit(user, 2, "low");
    expect(await servers.redis.llen(watched)).to.equal(10);
    expect(await servers.waiting()).to.equal(12);
    // The worker takes its queue from that list.
    await servers.startWorker();
    expect((await servers.finished(user)).done).to.equal(12);
    expect(await servers.redis.llen(watched)).to.equal(0);
  });

  it("run high jobs before normal ones, and low ones last", async () => {
    const low = await servers.submit(user, 3, "low");
    const normal = await servers.submit(user, 3, "normal");
    const high = await servers.submit(user, 1, "high");
    await servers.startWorker({ WORKER_CONCURRENCY: "1" });
    await servers.finished(user);
    const order = [...servers.provider.calls.keys()];
    expect(order[0]).to.equal(high[0]);
    expect(order.slice(1, 4)).to.have.members(normal);
    expect(order.slice(4)).to.have.members(low);
  });

  it("process under load: each job once, and what was read is paid once", async () => {
    await Promise.all([servers.startWorker(), servers.startWorker()]);
    await servers.submit(user, jobs);
    expect(await servers.finished(user)).to.deep.equal(once);
    expect(servers.provider.calls.size).to.equal(jobs);
  });

  it("go on when the master of the queue is lost: no job lost, no effect doubled", async () => {
    await Promise.all([servers.startWorker(), servers.startWorker()]);
    const half = servers.submit(user, jobs / 2);
    await middle();
    const master = servers.cluster.masterOf(watched);
    await servers.cluster.kill(master);
    const since = sinceFault();
    // While no node serves the queue.
    const [recovered] = await Promise.all([nextDone(since), half, servers.submit(user, jobs / 2 - 1)]);
    const effects = await servers.finished(user);
    const saw = `no error; submissions wait until a replica takes over; ${again()} calls of the provider made again`;
    record(faults.queueMaster, saw, effects, recovered);
    expect(effects).to.deep.equal(once);
    expect(servers.cluster.masterOf(watched)).not.to.equal(master);
    await servers.cluster.restart(master);
    await servers.cluster.replicated();
  });

  it("add a job again that Redis has lost", async () => {
    await servers.submit(user, 3);
    await servers.queues.of(queue).obliterate({ force: true });
    const since = sinceFault();
    expect(await servers.waiting()).to.equal(0);
    await servers.startWorker();
    const effects = await servers.finished(user);
    record(faults.queueData, "no error; the jobs wait until a worker's sweep adds them again", effects, since());
    expect(effects).to.include({ jobs: 3, done: 3, images: 3 });
  });

  it("run the jobs of workers again that are killed: each has its effect once", async () => {
    servers.provider.delayMs = 200;
    const victims = await Promise.all([servers.startWorker(), servers.startWorker()]);
    await servers.submit(user, jobs - 1);
    await middle();
    const since = sinceFault();
    await Promise.all(victims.map((victim) => victim.kill()));
    servers.provider.delayMs = 5;
    const started = Promise.all([servers.startWorker(), servers.startWorker()]);
    const [recovered] = await Promise.all([nextDone(since), started]);
    const effects = await servers.finished(user);
    const saw = `no error; jobs wait for new workers; ${again()} calls of the provider made again under the same key`;
    record(faults.workersKilled, saw, effects, recovered);
    expect(effects).to.deep.equal(once);
    // Their calls had been made, and were made again.
    expect(again()).to.be.above(0);
  });

  it("lose nothing in a rollout of the workers, and run nothing twice", async () => {
    servers.provider.delayMs = 50;
    const pods = [await servers.startWorker(), await servers.startWorker()];
    const submitted = servers.submit(user, jobs);
    await middle();
    // One at a time, as the Deployment's strategy has it: the old pod goes before the new one comes.
    for (const pod of pods) {
      expect(await pod.stop(), pod.log).to.equal(0);
      await servers.startWorker();
    }
    await submitted;
    const effects = await servers.finished(user);
    record(faults.workersRollout, `no error; ${again() || "no"} calls of the provider made again`, effects);
    expect(effects).to.deep.equal(once);
    expect(again()).to.equal(0);
  });

  it("give their depth, age and times as metrics", async () => {
    const worker = await servers.startWorker();
    servers.provider.delayMs = 2000;
    await servers.submit(user, 10);
    await until(
      async () => servers.provider.calls.size === 4,
      () => "no four jobs run",
      120,
    );
    const { text } = await worker.ask("/metrics");
    expect(text).to.contain('queue_jobs{queue="default",state="waiting"} 6');
    expect(text).to.contain('queue_jobs{queue="default",state="active"} 4');
    expect(Number(/^queue_oldest_job_seconds\{queue="default"\} (\S+)$/m.exec(text)?.[1])).to.be.above(0);
    servers.provider.delayMs = 0;
    await servers.finished(user);
    await sleep(100);
    expect((await worker.ask("/metrics")).text).to.contain('job_duration_seconds_count{queue="default"} 10');
  });
});
