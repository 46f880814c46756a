import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Cache } from "../../../workload/patterns/cache";
import { Product } from "./support/product";

describe("a cache entry that expires under load", () => {
  let product: Product;
  let parts: ReturnType<Product["connect"]>[];

  before(async function () {
    product = await Product.start(this);
    parts = [1, 2, 3].map(() => product.connect());
    await Promise.all(parts.map(({ redis }) => new Promise((resolve) => redis.once("ready", resolve))));
  });

  after(async () => {
    for (const { database, redis } of parts ?? []) {
      redis.disconnect();
      await database.close();
    }
    await product?.close();
  });

  it("is loaded once for 300 callers of three processes", async () => {
    let loads = 0;
    const load = async () => {
      loads += 1;
      await sleep(300);
      return { loads };
    };
    const caches = parts.map(({ config, redis, metrics }) => new Cache(config, redis, metrics));
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, at) => (caches[at % 3] as Cache).get("list", "stampede", load)),
    );
    expect(loads).to.equal(1);
    expect(answers.filter(({ loads: seen }) => seen !== 1)).to.deep.equal([]);
    const redis = parts[0]?.redis;
    expect(await redis?.exists("cache:{list:stampede}:lock")).to.equal(0);
    expect(await redis?.ttl("cache:{list:stampede}")).to.be.within(290, 300);
  });

  it("is loaded by the next caller after a load that failed", async () => {
    const cache = new Cache({ CACHE: "on" }, (parts[0] as (typeof parts)[number]).redis);
    const failure = await cache
      .get("list", "fails", async () => Promise.reject(new Error("no")))
      .catch((error) => error);
    expect(failure.message).to.equal("no");
    expect(await cache.get("list", "fails", async () => "loaded")).to.equal("loaded");
  });
});
