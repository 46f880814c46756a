import { expect } from "chai";
import { Cache } from "../../../workload/patterns/cache";
import { OwnWrites } from "../../../workload/patterns/own-writes";
import type { ReadOptions } from "../../../workload/stores/postgres";
import { FakeRedis } from "../fakes";

describe("own writes", () => {
  let redis: FakeRedis;
  let reads: ReadOptions[];
  let position: string;
  let ownWrites: OwnWrites;

  beforeEach(() => {
    [redis, reads, position] = [new FakeRedis(), [], "0/A0"];
    const database = {
      read: async (_: unknown, options: ReadOptions) => reads.push(options),
      write: async (_: unknown, committed: (lsn: string) => Promise<void>) => committed(position),
    };
    // What the script does.
    redis.eval = async (script: string, _: number, key: string, ...[value]: unknown[]) => {
      if (redis.down) throw new Error("down");
      if (script.includes("SET")) redis.values.set(key, String(value));
      return 0;
    };
    const cache = new Cache({ CACHE: "on" }, redis.asRedis);
    ownWrites = new OwnWrites(database as never, redis.asRedis, cache);
  });

  const nothing = async () => undefined as never;

  it("any replica will do for a user who wrote nothing", async () => {
    await ownWrites.read("7", nothing);
    expect(reads).to.deep.equal([{ fresh: false, after: undefined }]);
  });

  it("a replica must have a user's last write, and only that user's", async () => {
    await ownWrites.write("7", nothing);
    await ownWrites.read("7", nothing);
    await ownWrites.read("8", nothing);
    expect(reads).to.deep.equal([
      { fresh: false, after: "00000000/000000A0" },
      { fresh: false, after: undefined },
    ]);
  });

  it("a write makes cache entries from before it unfindable, for that user", async () => {
    const cached = (user: string) => ownWrites.cached("user", user, "profile", nothing);
    await cached("7");
    await cached("7");
    await cached("8");
    expect(reads).to.have.lengthOf(2);
    await ownWrites.write("7", nothing);
    await cached("7");
    await cached("7");
    await cached("8");
    expect(reads).to.have.lengthOf(3);
    position = "0/B0";
    await ownWrites.write("7", nothing);
    await cached("7");
    expect(reads).to.have.lengthOf(4);
  });

  it("the primary answers while Redis is down, past the cache, and for a while after", async () => {
    await ownWrites.cached("user", "7", "profile", nothing);
    redis.down = true;
    await ownWrites.read("7", nothing);
    await ownWrites.cached("user", "7", "profile", nothing);
    redis.down = false;
    await ownWrites.cached("user", "7", "profile", nothing);
    expect(reads.slice(1)).to.deep.equal([{ fresh: true }, { fresh: true }, { fresh: true }]);
  });

  it("the primary answers after a write that Redis did not note", async () => {
    redis.down = true;
    await ownWrites.write("7", nothing);
    redis.down = false;
    await ownWrites.read("7", nothing);
    expect(reads).to.deep.equal([{ fresh: true }]);
  });
});
