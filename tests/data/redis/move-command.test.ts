import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Queue } from "bullmq";
import { expect } from "chai";
import { until } from "../../long/support/instance";
import { faults, measuredNow, recordFault, redisVersion, sinceFault } from "../support/faults";
import { Clusters, counts, name, prefix, type Redis } from "./clusters";

describe("the command that moves jobs and keys to another Redis", () => {
  let clusters: Clusters;
  let from: Redis;
  let to: Redis;

  before(async function () {
    clusters = await Clusters.start(this);
    ({ from, to } = clusters);
    const { old, next } = clusters;
    writeFileSync(join(old.folder, "both.crt"), old.ca + next.ca);
  });

  after(() => clusters?.close());
  beforeEach(() => clusters.empty());

  const start = (...words: string[]) => {
    const { old, next } = clusters;
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

  it("moves jobs, also after a kill -9 in the middle", async () => {
    const queue = new Queue(name, { connection: from, prefix });
    const jobs = Array.from({ length: 3000 }, (_, n) => ({ name: "job", data: { job: `${n}` } }));
    await queue.addBulk(jobs);
    const { child, ended } = start("jobs");
    await until(
      async () => (await counts(to, "wait")).wait > 0,
      () => "no job has moved",
      120,
    );
    child.kill("SIGKILL");
    const since = sinceFault();
    await ended;
    const some = await counts(from, "wait");
    expect(some.wait).to.be.within(1, jobs.length - 1);
    // Its lease lasts for half a minute.
    await from.del("tierstack:move");
    const [status, , stderr] = await start("jobs").ended;
    const recoveredSeconds = since();
    expect([status, stderr]).to.deep.equal([0, ""]);
    const next = new Queue(name, { connection: to, prefix });
    const moved = (await next.getJobs(["waiting"], 0, -1)).map(({ data }) => data.job);
    recordFault({
      fault: faults.move,
      saw: `no error; ${some.wait} of ${jobs.length} jobs wait in the old Redis until the move runs again`,
      recoveredSeconds,
      acknowledged: jobs.length,
      lost: jobs.length - new Set(moved).size,
      measured: measuredNow(redisVersion()),
    });
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
    const old = clusters.worker(from, 60_000);
    await until(
      async () => clusters.runs.has("long"),
      () => "the job does not run",
      120,
    );
    const [status, , stderr] = await start("jobs").ended;
    const message = "move: 1 jobs still run on old workers; run it again once they are gone\n";
    expect([status, stderr]).to.deep.equal([1, message]);
    await old.close(true);
    await queue.close();
  });
});
