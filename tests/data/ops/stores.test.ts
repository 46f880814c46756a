import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { Client } from "pg";
import { keyOf } from "../../../workload/queue/names";
import { until } from "../../long/support/instance";
import { type KubernetesObject, stackObjects } from "../../support/objects";
import { QueueServers, queue } from "../redis/servers";
import { Direct, opsAs, opsOn } from "../support/direct";
import { ownUrls } from "../support/workload";

/** Commands of `npm run ops` that act on stores, each for its effect, in a dry run, and with bad input. */
describe("ops on real stores", () => {
  let servers: QueueServers;
  let objects: KubernetesObject[];
  let ops: ReturnType<typeof opsOn>;
  const clients: Client[] = [];

  before(async function () {
    servers = await QueueServers.start(this);
    objects = (await stackObjects("startup")).map(({ object }) => object);
    ops = opsOn(new Direct(servers.environment()), objects);
  });

  after(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    await servers?.close();
  });

  /** A client of the application, through PgBouncer. */
  async function client(): Promise<Client> {
    const { DATABASE_URL } = ownUrls(servers.environment() as never);
    const one = new Client({ connectionString: DATABASE_URL });
    one.on("error", () => undefined);
    clients.push(one);
    await one.connect();
    return one;
  }

  describe("connections", () => {
    let holder: Client;
    let waiter: Promise<unknown>;
    let pid: number;

    before(async () => {
      await servers.addUser(1);
      holder = await client();
      await holder.query("BEGIN");
      pid = (await holder.query("SELECT pg_backend_pid() AS pid FROM users FOR UPDATE")).rows[0].pid;
      waiter = (await client()).query("UPDATE users SET name = 'other'");
      await until(
        async () => (await ops("connections")).stdout.includes("blocks 1 other"),
        () => "nobody waits for the lock",
      );
    });

    it("names who blocks others, with the query", async () => {
      const { code, stdout, stderr } = await ops("connections");
      expect([code, stderr]).to.deep.equal([0, ""]);
      expect(stdout).to.match(/^\d+ of \d+ connections of the primary are in use\n/);
      expect(stdout).to.match(new RegExp(`${pid}  blocks 1 other for .+: app`));
      expect(stdout).to.contain("SELECT pg_backend_pid() AS pid FROM users FOR UPDATE");
      expect(stdout.split("\n").filter((line) => line.length > 100)).to.deep.equal([]);
    });

    it("ends nothing in a dry run, or where nobody agrees", async () => {
      const dry = await ops("connections", "--end", String(pid), "--dry-run");
      expect([dry.code, dry.stdout.split("\n").at(-2)]).to.deep.equal([
        0,
        `would end the session ${pid}; nothing was changed`,
      ]);
      const reach = new Direct(servers.environment());
      const refused = await opsAs(reach, objects, false, ["connections", "--end", String(pid)]);
      expect([refused.code, refused.stderr]).to.deep.equal([1, "not confirmed; nothing was changed\n"]);
      expect((await ops("connections")).stdout).to.contain(`${pid}  blocks 1`);
    });

    it("refuses a number that is no session, in one line", async () => {
      const { code, stderr } = await ops("connections", "--end", "2147483647");
      expect([code, stderr]).to.deep.equal([
        1,
        "--end: given 2147483647, which is no session of a client; allowed: a process of npm run ops -- connections; " +
          "fix: look again: it may have ended by itself\n",
      ]);
    });

    it("ends a session, and who waited goes on", async () => {
      const { code, stdout } = await ops("connections", "--end", String(pid), "--yes");
      expect([code, stdout.split("\n").at(-2)]).to.deep.equal([0, `ended the session ${pid}`]);
      await waiter;
      expect((await ops("connections")).stdout).to.contain("No session holds others up.");
    });
  });

  describe("queues", () => {
    const waiting = () => servers.waiting();
    const credits = async (user: number) => (await servers.effects(user)).credits;

    it("shows depth and age", async () => {
      const user = await servers.addUser(3);
      await servers.submit(user, 2);
      await servers.submit(user, 1, "low");
      const { code, stdout, stderr } = await ops("queues");
      expect([code, stderr]).to.deep.equal([0, ""]);
      const [head, row] = stdout.split("\n").map((line) => line.split(/ {2,}/));
      expect(head).to.deep.equal(["queue", "waiting", "oldest", "active", "to retry", "failed"]);
      expect(row?.slice(0, 2)).to.deep.equal([queue, "3"]);
      expect(row?.slice(3)).to.deep.equal(["0", "0", "0", "runs"]);
    });

    it("pauses for every worker, and resumes", async () => {
      const dry = await ops("queues", "pause", queue, "--dry-run");
      expect([dry.code, dry.stdout]).to.deep.equal([0, `would pause ${queue}; nothing was changed\n`]);
      expect(await servers.queues.of(queue).isPaused()).to.equal(false);
      const paused = await ops("queues", "pause", queue, "--yes");
      expect(paused.stdout).to.equal(`paused ${queue}: 3 jobs wait, until npm run ops -- queues resume ${queue}\n`);
      expect(await servers.queues.of(queue).isPaused()).to.equal(true);
      expect((await ops("queues")).stdout).to.match(/ paused\n/);
      expect((await ops("queues", "resume", queue)).stdout).to.equal(`resumed ${queue}: 3 waiting jobs\n`);
      expect(await servers.queues.of(queue).isPaused()).to.equal(false);
    });

    it("drains: no job is left, in the database each has failed, and the credits are back", async () => {
      const user = await servers.addUser(5);
      await servers.submit(user, 5);
      expect([await waiting(), await credits(user)]).to.deep.equal([8, 0]);
      const dry = await ops("queues", "drain", queue, "--dry-run");
      expect(dry.stdout).to.equal(`would take every waiting job out of ${queue}; nothing was changed\n`);
      expect(await waiting()).to.equal(8);
      const { stdout } = await ops("queues", "drain", queue, "--yes");
      expect(stdout).to.equal(`8 jobs taken out of ${queue}; each has failed, with its credits given back\n`);
      expect([await waiting(), await credits(user)]).to.deep.equal([0, 5]);
      // What a worker's sweep would add again is not there.
      const left = await servers.database.read(
        async (one) => (await one.query("SELECT count(*) AS jobs FROM jobs WHERE state = 'queued'")).rows[0].jobs,
        { fresh: true },
      );
      expect(left).to.equal(0);
    });

    it("runs the jobs now that wait for their retry", async () => {
      await servers.queues.of(queue).add("job", {}, { jobId: randomUUID(), delay: 3_600_000 });
      const delayed = () => servers.redis.zcard(keyOf(queue, "delayed"));
      await ops("queues", "retry", queue, "--dry-run");
      expect(await delayed()).to.equal(1);
      expect((await ops("queues", "retry", queue)).stdout).to.equal(`1 job of ${queue} no longer waits for a retry\n`);
      expect([await delayed(), await waiting()]).to.deep.equal([0, 1]);
    });

    it("refuses a queue that the stack has not, with the one that is meant", async () => {
      const { code, stderr } = await ops("queues", "pause", "defualt", "--yes");
      expect([code, stderr]).to.deep.equal([
        2,
        "command line: given defualt; allowed: default; fix: did you mean default?\n",
      ]);
    });
  });

  describe("maintenance and limits", () => {
    const held = () => servers.redis.hgetall("switches");

    it("are switched for a time, and off again", async () => {
      expect((await ops("maintenance", "on", "--for", "30m", "--dry-run")).stdout).to.equal(
        "would switch to maintenance mode for 30 min; nothing was changed\n",
      );
      expect(await held()).to.deep.equal({});
      const before = Date.now();
      const on = await ops("maintenance", "on", "--for", "30m", "--yes");
      expect(on.code).to.equal(0);
      expect(on.stdout).to.match(/^mode maintenance until \d{4}-\d\d-\d\d \d\d:\d\d UTC, then normal: every request /);
      const { mode, "mode:until": end } = await held();
      expect(mode).to.equal("maintenance");
      expect(Number(end) - before).to.be.within(1_800_000, 1_800_000 + 120_000);
      expect((await ops("maintenance", "off")).stdout).to.match(/^mode normal: the product serves\n/);
      expect(await held()).to.deep.equal({});
    });

    it("have a mode that refuses writes only", async () => {
      await ops("maintenance", "on", "--read-only", "--yes");
      expect(await held()).to.deep.equal({ mode: "read-only" });
      expect((await ops("maintenance")).stdout).to.match(/^mode read-only: writes get 503/);
      await ops("maintenance", "off");
    });

    it("multiply every limit, for a time", async () => {
      expect((await ops("limits", "--factor", "2", "--dry-run")).stdout).to.equal(
        "would multiply every rate limit by 2; nothing was changed\n",
      );
      expect(await held()).to.deep.equal({});
      const { stdout } = await ops("limits", "--factor", "2", "--for", "1h", "--yes");
      expect(stdout).to.match(/^every rate limit multiplied by 2 until .* UTC, then as configured\n$/);
      expect(await held()).to.include({ limits: "2" });
      expect((await ops("limits", "off")).stdout).to.equal("rate limits as configured\n");
      expect(await held()).to.deep.equal({});
    });
  });

  describe("cache", () => {
    const keys = ["cache:{user:1}", "cache:{user:2}", "cache:{list:[a]}", "cache:{list:a}", "limit:user:1"];
    const left = async () =>
      (await Promise.all(keys.map(async (key) => ((await servers.redis.exists(key)) ? [key] : [])))).flat();

    beforeEach(() => Promise.all(keys.map((key) => servers.redis.set(key, "1"))));

    it("removes the keys of a prefix on every master, and no other", async () => {
      const dry = await ops("cache", "flush", "--prefix", "cache:{user:", "--dry-run");
      expect(dry.stdout).to.equal("would remove 2 keys with the prefix cache:{user:; nothing was changed\n");
      expect(await left()).to.deep.equal(keys);
      const { code, stdout } = await ops("cache", "flush", "--prefix", "cache:{user:", "--yes");
      expect([code, stdout]).to.deep.equal([0, "removed 2 keys with the prefix cache:{user:\n"]);
      expect(await left()).to.deep.equal(keys.slice(2));
    });

    it("takes signs of Redis's patterns as they are", async () => {
      await ops("cache", "flush", "--prefix", "cache:{list:[a]", "--yes");
      expect(await left()).to.deep.equal(keys.filter((key) => key !== "cache:{list:[a]}"));
    });

    it("removes nothing else of Redis", async () => {
      const { code, stderr } = await ops("cache", "flush", "--prefix", "limit:", "--yes");
      expect([code, stderr]).to.deep.equal([
        2,
        "--prefix: given limit:; allowed: a prefix that begins with cache:; fix: write --prefix cache:limit:\n",
      ]);
      await ops("cache", "flush", "--prefix", "cache:", "--yes");
      expect(await left()).to.deep.equal(["limit:user:1"]);
    });
  });
});
