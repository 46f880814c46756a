import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { maxMemoryMiB } from "../../components/redis/cluster/memory";
import { tiers } from "../../tiers";
import { MemoryCgroup } from "./support/cgroup";
import { missingServer, Valkey } from "./support/valkey";
import { jobValue, Writer } from "./support/writers";

const mib = 1024 * 1024;
const batch = 32;
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const key = (index: number) => `{emails}:${index}`;

/** Rewrites the append-only file of a full server under writes, in the memory that its container has. */
describe("Valkey rewriting its append-only file", () => {
  let valkey: Valkey | undefined;
  let cgroup: MemoryCgroup | undefined;

  afterEach(async () => {
    await valkey?.remove();
    await cgroup?.remove();
    valkey = undefined;
    cgroup = undefined;
  });

  /** Starts a server in a container of this size; undefined where that is impossible. */
  async function start(memoryMiB: number): Promise<{ valkey: Valkey; cgroup: MemoryCgroup } | undefined> {
    cgroup = MemoryCgroup.create(memoryMiB);
    valkey = cgroup && (await Valkey.create(memoryMiB));
    if (!cgroup || !valkey) {
      console.log(`      ${cgroup ? missingServer : MemoryCgroup.missing}`);
      return undefined;
    }
    await valkey.start(cgroup);
    // Rewrites only when the test says so, and slowly, as a node without CPU credits does.
    valkey.cli("config", "set", "auto-aof-rewrite-percentage", "0", "rdb-key-save-delay", "300");
    return { valkey, cgroup };
  }

  /** Sets keys until the server is full. Returns their number. */
  async function fill(writer: Writer): Promise<number> {
    for (let keys = 0; ; keys += batch) {
      const errors = await writer.send(range(batch).map((index) => ["SET", key(keys + index), jobValue()]));
      if (errors.length > 0) return keys;
    }
  }

  /** Replaces every value again and again until the rewrite ends. Fails if the server does. */
  async function rewrite(server: Valkey, writers: Writer[], keys: number): Promise<void> {
    server.cli("bgrewriteaof");
    let rewriting = true;
    let next = 0;
    const write = async (writer: Writer) => {
      while (rewriting) {
        const first = next;
        next += batch;
        const replaced = range(batch).map((index) => key((first + index) % keys));
        await writer.send([
          ...replaced.map((name) => ["DEL", name]),
          ...replaced.map((name) => ["SET", name, jobValue()]),
        ]);
      }
    };
    const watch = async () => {
      while (server.fields("info", "persistence").aof_rewrite_in_progress === "1") await sleep(500);
      rewriting = false;
    };
    await Promise.all([watch(), ...writers.map(write)]);
  }

  for (const memoryMiB of [64, tiers.mvp.redis.cluster.container.memoryMiB]) {
    it(`survives in ${memoryMiB} MiB, full and under writes`, async function () {
      const started = await start(memoryMiB);
      if (!started) return this.skip();
      const { valkey, cgroup } = started;
      const writers = await Promise.all(range(100).map(() => Writer.connect(valkey)));
      const keys = await fill(writers[0] as Writer);
      await rewrite(valkey, writers.slice(0, 8), keys);
      const { aof_last_bgrewrite_status: status, aof_last_cow_size: copied } = valkey.fields("info", "persistence");
      for (const writer of writers) writer.close();
      expect(cgroup.kills).to.equal(0);
      expect(status).to.equal("ok");
      // The rewrite was a hard one: nearly every page was written meanwhile.
      expect(Number(copied) / mib / maxMemoryMiB(memoryMiB)).to.be.above(0.8);
    }).timeout(300_000);
  }

  it("would be killed with three quarters of its memory for data", async function () {
    const started = await start(96);
    if (!started) return this.skip();
    const { valkey, cgroup } = started;
    valkey.cli("config", "set", "maxmemory", "72mb");
    const writers = await Promise.all(range(8).map(() => Writer.connect(valkey)));
    const keys = await fill(writers[0] as Writer);
    const failure = await rewrite(valkey, writers, keys).catch((error: Error) => error);
    expect(failure).to.be.an("error");
    expect(cgroup.kills).to.be.above(0);
  }).timeout(300_000);
});
