import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { expect } from "chai";
import { tiers } from "../../tiers";
import { MemoryCgroup } from "./support/cgroup";
import { host, missingServer, password, Valkey } from "./support/valkey";
import { Writer } from "./support/writers";

const { memoryMiB } = tiers.mvp.redis.cluster.container;
const list = "{jobs}:all";

/** Clients that ask for more than they read, in the memory that the container has. */
describe("Valkey with clients that do not read", () => {
  let valkey: Valkey;
  let cgroup: MemoryCgroup | undefined;
  let writer: Writer;
  const readers: TLSSocket[] = [];

  beforeEach(async function () {
    cgroup = MemoryCgroup.create(memoryMiB);
    const created = cgroup && (await Valkey.create(memoryMiB));
    if (!cgroup || !created) {
      console.log(`      ${cgroup ? missingServer : MemoryCgroup.missing}`);
      return this.skip();
    }
    valkey = created;
    await valkey.start(cgroup);
    writer = await Writer.connect(valkey);
    // 20 MiB, which the data have room for.
    for (let batch = 0; batch < 20; batch++)
      await writer.send(Array.from({ length: 64 }, () => ["RPUSH", list, randomBytes(16 * 1024)]));
  });

  afterEach(async () => {
    for (const reader of readers.splice(0)) reader.destroy();
    writer?.close();
    await valkey?.remove();
    await cgroup?.remove();
  });

  /** Opens clients that each ask for the whole list, and read nothing of it. */
  async function ask(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const reader = await new Promise<TLSSocket>((resolve, reject) => {
        const opened = valkey.connect(host, () => resolve(opened)).on("error", reject);
      });
      reader.on("error", () => {}).pause();
      reader.write(`AUTH ${password}\r\nLRANGE ${list} 0 -1\r\n`);
      readers.push(reader);
    }
    await sleep(2000);
  }

  const write = () => writer.send([["SET", "{jobs}:one", "value"]]).catch((error: Error) => [error.message]);

  it("closes them, and goes on with what others write", async () => {
    await ask(6);
    expect(await write()).to.deep.equal([]);
    expect(cgroup?.kills).to.equal(0);
    expect(Number(valkey.fields("info", "stats").evicted_clients)).to.be.above(0);
  }).timeout(60_000);

  it("would refuse every write because of two of them, without a limit of their buffers", async () => {
    valkey.cli("config", "set", "maxmemory-clients", "0");
    await ask(2);
    expect(await write()).to.deep.equal(["-OOM command not allowed when used memory > 'maxmemory'."]);
  }).timeout(60_000);
});
