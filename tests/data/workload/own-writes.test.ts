import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Cache } from "../../../workload/patterns/cache";
import { OwnWrites } from "../../../workload/patterns/own-writes";
import { size } from "../support/full";
import { Product } from "./support/product";

const trials = size(10_000, 2000);
const users = 40;
/** How much later the replica has a write, in milliseconds, and how long a user waits at most before reading. */
const [delayMs, longestWaitMs] = [60, 120];

const balanceOf = (user: string) => async (client: { query(sql: string, values: unknown[]): Promise<unknown> }) => {
  const sql = "SELECT balance, pg_is_in_recovery() AS replica FROM credits WHERE user_id = $1";
  const { rows } = (await client.query(sql, [user])) as { rows: { balance: number; replica: boolean }[] };
  return rows[0] as { balance: number; replica: boolean };
};

describe("reading one's own writes, with a replica that lags", () => {
  let product: Product;
  let parts: ReturnType<typeof connect>[];
  const connect = () => {
    const stores = product.connect();
    const cache = new Cache(stores.config, stores.redis, stores.metrics);
    return { ...stores, ownWrites: new OwnWrites(stores.database, stores.redis, cache) };
  };

  before(async function () {
    product = await Product.start(this);
    // As three processes have them: each its own pools, connection and memory.
    parts = [connect(), connect(), connect()];
    await Promise.all(parts.map(({ redis }) => new Promise((resolve) => redis.once("ready", resolve))));
    product.sql(`INSERT INTO users (email, name) SELECT n || '@example.com', n FROM generate_series(1, ${users}) n`);
    product.sql("INSERT INTO credits SELECT id, 0 FROM users");
    product.sql(`ALTER SYSTEM SET recovery_min_apply_delay = '${delayMs}ms'`, product.replica);
    product.sql("SELECT pg_reload_conf()", product.replica);
  });

  after(async () => {
    for (const { database, redis } of parts ?? []) {
      redis.disconnect();
      await database.close();
    }
    await product?.close();
  });

  it(`is never stale in ${trials} trials, while reads that do not ask for it are`, async () => {
    const seen = { stale: 0, staleInCache: 0, staleWithout: 0, onReplica: 0, onPrimary: 0 };
    let trial = 0;
    const part = () => parts[Math.floor(Math.random() * parts.length)] as (typeof parts)[number];
    const one = async (user: string) => {
      for (let balance = 1; trial < trials; balance++) {
        trial += 1;
        await part().ownWrites.write(user, (client) =>
          client.query("UPDATE credits SET balance = $2 WHERE user_id = $1", [user, balance]),
        );
        if (Math.random() < 0.5) await sleep(Math.random() * longestWaitMs);
        const [read, cached, without] = await Promise.all([
          part().ownWrites.read(user, balanceOf(user)),
          part().ownWrites.cached("credits", user, "credits", balanceOf(user)),
          part().database.read(balanceOf(user)),
        ]);
        if (read.balance !== balance) seen.stale += 1;
        if (cached.balance !== balance) seen.staleInCache += 1;
        if (without.balance !== balance) seen.staleWithout += 1;
        seen[read.replica ? "onReplica" : "onPrimary"] += 1;
      }
    };
    // The user's other device: it reads all the time, and may fill the cache with what it read before a write.
    const other = async (user: string) => {
      while (trial < trials) await part().ownWrites.cached("credits", user, "credits", balanceOf(user));
    };
    const all = Array.from({ length: users }, (_, at) => String(at + 1));
    await Promise.all([...all.map(one), ...all.slice(0, 10).map(other)]);
    console.log(`      ${JSON.stringify(seen)}`);
    expect([seen.stale, seen.staleInCache]).to.deep.equal([0, 0]);
    // The test can fail, and does not pass by reading from the primary alone.
    for (const count of [seen.staleWithout, seen.onReplica, seen.onPrimary]) expect(count).to.be.above(0);
  });
});
