import { type Job, Queue, Worker } from "bullmq";
import { expect } from "chai";
import fc from "fast-check";
import { moveJobs } from "../../../workload/queue/move/jobs";
import { copyKeys } from "../../../workload/queue/move/keys";
import { until } from "../../long/support/instance";
import { size } from "../support/full";
import { Clusters, counts, name, prefix, type Redis } from "./clusters";

/** Long enough that no living run loses its lease on a slow machine. */
const leaseMs = 1000;

/** How a job comes into the old queue. */
const kinds = ["numbered", "named", "low", "soon", "later"] as const;
type Kind = (typeof kinds)[number];
/** Jobs of each kind. */
const ofEach = 12;
const hour = 3_600_000;

describe("moving queues and keys to another Redis", () => {
  let clusters: Clusters;
  let from: Redis;
  let to: Redis;

  before(async function () {
    clusters = await Clusters.start(this);
    ({ from, to } = clusters);
  });

  after(() => clusters?.close());
  beforeEach(() => clusters.empty());

  async function fill(): Promise<string[]> {
    const queue = new Queue(name, { connection: from, prefix });
    const options: Record<Kind, (n: number) => object> = {
      numbered: () => ({}),
      named: (n) => ({ jobId: `named-${n}` }),
      low: () => ({ priority: 1 }),
      soon: (n) => ({ delay: 10 * n + 1 }),
      later: (n) => ({ delay: hour + n }),
    };
    const jobs = kinds.flatMap((kind) => Array.from({ length: ofEach }, (_, n) => ({ kind, n, job: `${kind} ${n}` })));
    for (const { kind, n, job } of jobs) await queue.add("job", { job }, options[kind](n));
    await queue.close();
    return jobs.filter(({ kind }) => kind !== "later").map(({ job }) => job);
  }

  /** A worker takes a job and is never seen again. */
  async function loseWorker(): Promise<void> {
    const lost = new Worker(name, undefined, { connection: from, prefix, lockDuration: 50, autorun: false });
    expect(await lost.getNextJob("lost")).to.be.an("object");
    await lost.close();
  }

  /** Runs the move on connections that are cut off for good after a number of commands: what `kill -9` leaves. */
  async function killedAt(step: number): Promise<void> {
    const own = clusters.connect();
    let left = step;
    const killed = new Promise<void>((resolve) => {
      for (const redis of own) {
        const send = redis.sendCommand.bind(redis);
        redis.sendCommand = (...args: Parameters<typeof send>) => {
          if (left-- > 0) return send(...args);
          resolve();
          return new Promise(() => {});
        };
      }
    });
    await Promise.race([killed, moveJobs(...own, { leaseMs, waitMs: 60_000 })]);
    for (const redis of own) redis.disconnect();
  }

  it("loses no job and runs none twice, wherever it is killed and run again", async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 450 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(steps, async (deaths) => {
        await clusters.empty();
        const { runs } = clusters;
        const jobs = await fill();
        await loseWorker();
        // Old workers still run while new ones begin.
        const [before, after] = [clusters.worker(from, 20), clusters.worker(to, 5)];
        for (const step of deaths) await killedAt(step);
        await before.close();
        const moved = await moveJobs(from, to, { leaseMs, waitMs: 60_000 });
        expect(moved[name]?.left).to.equal(0);
        await until(
          async () => jobs.every((job) => runs.has(job)),
          () => `never ran: ${jobs.filter((job) => !runs.has(job))}`,
          120,
        );
        await after.close();
        expect([...runs].filter(([, times]) => times !== 1)).to.deep.equal([]);
        expect(runs.size).to.equal(jobs.length);
        const old = await counts(from, "wait", "prioritized", "delayed", "active", "moving");
        expect(old).to.deep.equal({ wait: 0, prioritized: 0, delayed: 0, active: 0, moving: 0 });
        expect(await counts(to, "delayed", "move-parked")).to.include({ delayed: ofEach });
      }),
      { numRuns: size(100, 8) },
    );
  });

  it("keeps order, data, options and attempts, and the moment when a delayed job is due", async () => {
    const old = new Queue(name, { connection: from, prefix });
    for (const n of [1, 2, 3])
      await old.add(`job ${n}`, { n, text: "ä" }, { attempts: 7, backoff: { type: "exponential", delay: 50 } });
    const due = Date.now() + hour;
    await old.add("later", {}, { delay: hour, jobId: "later" });
    await from.hset(`${prefix}:${name}:1`, "atm", 3);
    expect(await moveJobs(from, to, { leaseMs, waitMs: 0 })).to.deep.equal({ [name]: { moved: 4, left: 0 } });
    const next = new Queue(name, { connection: to, prefix });
    const waiting = await next.getJobs(["waiting"], 0, -1, true);
    expect(waiting.map((job) => job.name)).to.deep.equal(["job 1", "job 2", "job 3"]);
    const [first] = waiting as [Job];
    expect(first.id).to.match(/^moved-[0-9a-f]{8}-1$/);
    expect(first).to.deep.include({ data: { n: 1, text: "ä" }, attemptsMade: 3, delay: 0 });
    expect(first.opts)
      .to.include({ attempts: 7 })
      .and.deep.include({ backoff: { type: "exponential", delay: 50 } });
    const later = await next.getJob("later");
    expect((later?.timestamp ?? 0) + hour).to.be.closeTo(due, 5000);
    expect(later?.delay).to.be.within(hour - 60_000, hour);
    expect(await moveJobs(from, to, { leaseMs, waitMs: 0 })).to.deep.equal({ [name]: { moved: 0, left: 0 } });
    await Promise.all([old.close(), next.close()]);
  });

  it("refuses queues whose jobs belong together, and leaves them as they are", async () => {
    const queue = new Queue(name, { connection: from, prefix });
    await queue.add("alone", {});
    await queue.upsertJobScheduler("nightly", { every: hour });
    const error = await moveJobs(from, to, { leaseMs, waitMs: 0 }).catch((thrown: Error) => thrown);
    expect(error)
      .to.be.instanceOf(Error)
      .with.property(
        "message",
        "queue default: given 1 job schedulers; allowed: jobs on their own; fix: let flows end on the old Redis; " +
          "remove schedulers there, the application creates them on the new one",
      );
    // The scheduler's first job is the other one.
    expect(await counts(from, "wait", "moving")).to.deep.equal({ wait: 2, moving: 0 });
    await queue.close();
  });

  it("is done by one run at a time", async () => {
    await from.set("tierstack:move", "another", "PX", hour);
    const error = await moveJobs(from, to, { leaseMs: 200, waitMs: 0 }).catch((thrown: Error) => thrown);
    expect(error).to.have.property("message", "another run moves jobs: wait for its end, or stop it");
  });

  it("copies keys with the time that they have left, and later what has changed since", async () => {
    await from.set("session:1", "first", "EX", 500);
    await from.set("session:2", "first", "EX", 500);
    await from.hset("profile", { name: "Ada" });
    await from.zadd("limit:7", "1", "a", "2", "b");
    await from.pexpire("limit:7", 400_000);
    await new Queue(name, { connection: from, prefix }).add("job", {});
    expect(await copyKeys(from, to)).to.deep.equal({ copied: 4, kept: 0 });
    expect(await to.get("session:1")).to.equal("first");
    expect(await to.ttl("session:1")).to.be.within(480, 500);
    expect(await to.hgetall("profile")).to.deep.equal({ name: "Ada" });
    expect(await to.ttl("profile")).to.equal(-1);
    expect(await to.zrange("limit:7", "0", "-1")).to.deep.equal(["a", "b"]);
    expect(await to.exists(`${prefix}:${name}:wait`)).to.equal(0);

    // A client of the old Redis writes one key, a client of the new one another.
    await from.set("session:1", "second", "EX", 900);
    await to.set("session:2", "newest", "EX", 900);
    await from.set("session:3", "new", "EX", 500);
    expect(await copyKeys(from, to)).to.deep.equal({ copied: 4, kept: 1 });
    expect(await to.mget("session:1")).to.deep.equal(["second"]);
    expect(await to.ttl("session:1")).to.be.within(880, 900);
    expect(await to.get("session:2")).to.equal("newest");
    expect(await to.get("session:3")).to.equal("new");
  });
});
