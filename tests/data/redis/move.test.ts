import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Job, Queue, Worker } from "bullmq";
import { expect } from "chai";
import fc from "fast-check";
import { connectWorker } from "../../../workload/queue/connection";
import { moveJobs } from "../../../workload/queue/move/jobs";
import { copyKeys } from "../../../workload/queue/move/keys";
import { RedisCluster } from "../../long/support/redis-cluster";
import { missingServer } from "../../long/support/valkey";
import { size } from "../support/full";
import { until } from "./servers";

type Redis = ReturnType<typeof connectWorker>;

const name = "default";
const prefix = "{default}";
/** Long enough that no living run loses its lease on a slow machine. */
const leaseMs = 1000;

/** How a job comes into the old queue. */
const kinds = ["numbered", "named", "low", "soon", "later"] as const;
type Kind = (typeof kinds)[number];
/** Jobs of each kind. */
const ofEach = 12;
const hour = 3_600_000;

describe("moving queues and keys to another Redis", () => {
  let clusters: RedisCluster[] = [];
  let from: Redis;
  let to: Redis;
  /** Runs of each job, wherever. */
  const runs = new Map<string, number>();

  const connect = (cluster: RedisCluster) => connectWorker({ REDIS_URL: cluster.url }, { ca: cluster.ca });

  before(async function () {
    // The move of the stack: one pod, then a replication group of one shard or of several.
    for (const masters of [1, 3]) {
      const cluster = await RedisCluster.start(masters, 0);
      if (!cluster) {
        console.log(`    ${missingServer}`);
        return this.skip();
      }
      clusters.push(cluster);
    }
    [from, to] = clusters.map(connect) as [Redis, Redis];
  });

  after(async () => {
    for (const redis of [from, to]) redis?.disconnect();
    await Promise.all(clusters.map((cluster) => cluster.close()));
    clusters = [];
  });

  beforeEach(async () => {
    await empty(from);
    await empty(to);
    runs.clear();
  });

  async function empty(redis: Redis): Promise<void> {
    await until(
      async () => redis.status === "ready",
      () => "Redis is not ready",
    );
    await Promise.all(redis.nodes("master").map((node) => node.flushall()));
  }

  function worker(connection: Redis, ms: number): Worker {
    const run = async ({ data }: Job) => {
      runs.set(data.job, (runs.get(data.job) ?? 0) + 1);
      await sleep(ms);
    };
    // Finished jobs leave at once: only the move itself can keep one from coming twice.
    const started = new Worker(name, run, { connection, prefix, concurrency: 3, removeOnComplete: { count: 0 } });
    return started.on("error", () => undefined);
  }

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
    const own = clusters.map(connect) as [Redis, Redis];
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

  const counts = async (redis: Redis, ...parts: string[]) => {
    const lists = ["wait", "active", "moving"];
    const sizes = parts.map((part) => {
      const key = `${prefix}:${name}:${part}`;
      return lists.includes(part) ? redis.llen(key) : redis.zcard(key);
    });
    return Object.fromEntries((await Promise.all(sizes)).map((number, at) => [parts[at], number]));
  };

  it("loses no job and runs none twice, wherever it is killed and run again", async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 450 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(steps, async (deaths) => {
        await empty(from);
        await empty(to);
        runs.clear();
        const jobs = await fill();
        await loseWorker();
        // Old workers still run while new ones begin.
        const [before, after] = [worker(from, 20), worker(to, 5)];
        for (const step of deaths) await killedAt(step);
        await before.close();
        const moved = await moveJobs(from, to, { leaseMs, waitMs: 60_000 });
        expect(moved[name]?.left).to.equal(0);
        await until(
          async () => jobs.every((job) => runs.has(job)),
          () => `never ran: ${jobs.filter((job) => !runs.has(job))}`,
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

  describe("command", () => {
    const start = (...words: string[]) => {
      const [old, next] = clusters as [RedisCluster, RedisCluster];
      const env = {
        PATH: process.env.PATH ?? "",
        OLD_REDIS_URL: old.url,
        REDIS_URL: next.url,
        // The authorities differ, as those of the pod and of ElastiCache do.
        NODE_EXTRA_CA_CERTS: join(old.folder, "both.crt"),
        MOVE_WAIT_SECONDS: "0",
      };
      const child = spawn("node", ["--import", "tsx", join(__dirname, "../../../workload/move.ts"), ...words], { env });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (text) => (stdout += String(text)));
      child.stderr.on("data", (text) => (stderr += String(text)));
      const ended = new Promise<[number | null, string, string]>((resolve) =>
        child.once("close", (status) => resolve([status, stdout, stderr])),
      );
      return { child, ended };
    };

    before(async () => {
      const { writeFileSync } = await import("node:fs");
      writeFileSync(join((clusters[0] as RedisCluster).folder, "both.crt"), clusters.map(({ ca }) => ca).join("\n"));
    });

    it("moves jobs, also after a kill -9 in the middle", async () => {
      const queue = new Queue(name, { connection: from, prefix });
      const jobs = Array.from({ length: 3000 }, (_, n) => ({ name: "job", data: { job: `${n}` } }));
      await queue.addBulk(jobs);
      const { child, ended } = start("jobs");
      await until(
        async () => (await counts(to, "wait")).wait > 0,
        () => "no job has moved",
      );
      child.kill("SIGKILL");
      await ended;
      const some = await counts(from, "wait");
      expect(some.wait).to.be.within(1, jobs.length - 1);
      // Its lease lasts for half a minute.
      await from.del("tierstack:move");
      const [status, , stderr] = await start("jobs").ended;
      expect([status, stderr]).to.deep.equal([0, ""]);
      const next = new Queue(name, { connection: to, prefix });
      const moved = (await next.getJobs(["waiting"], 0, -1)).map(({ data }) => data.job);
      expect(moved.sort()).to.deep.equal(jobs.map(({ data }) => data.job).sort());
      await Promise.all([queue.close(), next.close()]);
    });

    it("copies keys, and says how many", async () => {
      await from.set("session:1", "value", "EX", 500);
      const [status, stdout, stderr] = await start("keys").ended;
      expect([status, stderr]).to.deep.equal([0, ""]);
      expect(stdout, stdout).to.contain('"copied":1,"kept":0');
    });

    it("takes one of two words", async () => {
      const usage = (given: string) => `move: given ${given}; allowed: keys, jobs; fix: name one\n`;
      expect(await start().ended).to.deep.equal([2, "", usage("nothing")]);
      expect(await start("everything").ended).to.deep.equal([2, "", usage("everything")]);
    });

    it("fails while old workers have jobs, and says so", async () => {
      const queue = new Queue(name, { connection: from, prefix });
      await queue.add("job", { job: "long" });
      const old = worker(from, 60_000);
      await until(
        async () => runs.has("long"),
        () => "the job does not run",
      );
      const [status, , stderr] = await start("jobs").ended;
      const message = "move: 1 jobs still run on old workers; run it again once they are gone\n";
      expect([status, stderr]).to.deep.equal([1, message]);
      await old.close(true);
      await queue.close();
    });
  });
});
