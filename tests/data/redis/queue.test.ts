import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { waitingList } from "../../../components/workers/scaling";
import { size } from "../support/full";
import { QueueServers, queue, until } from "./servers";

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
    );

  it("fill the list that the stack's autoscaler watches", async () => {
    expect(await servers.redis.llen(watched)).to.equal(0);
    await servers.submit(user, 7, "normal");
    await servers.submit(user, 3, "high");
    // They add no workers.
    await servers.submit(user, 2, "low");
    expect(await servers.redis.llen(watched)).to.equal(10);
    expect(await servers.queues.waiting(queue)).to.equal(12);
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
    await half;
    // While no node serves the queue.
    await servers.submit(user, jobs / 2);
    expect(await servers.finished(user)).to.deep.equal(once);
    expect(servers.cluster.masterOf(watched)).not.to.equal(master);
    await servers.cluster.restart(master);
    await servers.cluster.replicated();
  });

  it("add a job again that Redis has lost", async () => {
    await servers.submit(user, 3);
    await servers.queues.of(queue).obliterate({ force: true });
    expect(await servers.queues.waiting(queue)).to.equal(0);
    await servers.startWorker();
    expect(await servers.finished(user)).to.include({ jobs: 3, done: 3, images: 3 });
  });

  it("run the jobs of workers again that are killed: each has its effect once", async () => {
    servers.provider.delayMs = 200;
    const victims = await Promise.all([servers.startWorker(), servers.startWorker()]);
    await servers.submit(user, jobs);
    await middle();
    await Promise.all(victims.map((victim) => victim.kill()));
    servers.provider.delayMs = 5;
    await Promise.all([servers.startWorker(), servers.startWorker()]);
    expect(await servers.finished(user)).to.deep.equal(once);
    // Their calls had been made, and were made again under the same key.
    expect([...servers.provider.calls.values()].filter((calls) => calls > 1).length).to.be.above(0);
  });

  it("lose nothing in a rollout of the workers, and run nothing twice", async () => {
    servers.provider.delayMs = 50;
    const pods = [await servers.startWorker(), await servers.startWorker()];
    await servers.submit(user, jobs);
    // One at a time, as the Deployment's strategy has it: the old pod goes before the new one comes.
    for (const pod of pods) {
      expect(await pod.stop(), pod.log).to.equal(0);
      await servers.startWorker();
    }
    expect(await servers.finished(user)).to.deep.equal(once);
    expect([...servers.provider.calls.values()].filter((calls) => calls > 1)).to.deep.equal([]);
  });

  it("give their depth, age and times as metrics", async () => {
    const worker = await servers.startWorker();
    servers.provider.delayMs = 2000;
    await servers.submit(user, 10);
    await until(
      async () => servers.provider.calls.size === 4,
      () => "no four jobs run",
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
