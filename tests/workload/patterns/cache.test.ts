import { expect } from "chai";
import { Cache, ttlSeconds } from "../../../workload/patterns/cache";
import { Metrics } from "../../../workload/telemetry/metrics";
import { FakeRedis } from "../fakes";

describe("cache", () => {
  let redis: FakeRedis;
  let metrics: Metrics;
  let loads: number;

  beforeEach(() => {
    [redis, metrics, loads] = [new FakeRedis(), new Metrics(), 0];
  });

  const cacheOf = (CACHE: "on" | "off" = "on") => new Cache({ CACHE }, redis.asRedis, metrics);
  const load = async () => ({ loads: ++loads });
  const counts = async () =>
    (await metrics.cacheRequests.get()).values.map(({ labels, value }) => `${labels.result} ${value}`);

  it("keeps each kind of data as long as the guides say", () => {
    expect(ttlSeconds).to.deep.equal({
      user: 300,
      credits: 45,
      jobStatus: 15,
      list: 300,
      reference: 3600,
      static: 86_400,
    });
  });

  it("loads once, also for callers who come meanwhile", async () => {
    const cache = cacheOf();
    const both = await Promise.all([cache.get("list", "a", load), cache.get("list", "a", load)]);
    expect([...both, await cache.get("list", "a", load)]).to.deep.equal([{ loads: 1 }, { loads: 1 }, { loads: 1 }]);
    expect(await cache.get("list", "b", load)).to.deep.equal({ loads: 2 });
    expect(await counts()).to.deep.equal(["hit 2", "miss 2"]);
  });

  it("keeps the kinds of data apart", async () => {
    const cache = cacheOf();
    await cache.get("list", "a", load);
    expect(await cache.get("user", "a", load)).to.deep.equal({ loads: 2 });
  });

  it("keeps that there is nothing", async () => {
    const cache = cacheOf();
    const nothing = async () => {
      loads += 1;
      return null;
    };
    expect([await cache.get("list", "a", nothing), await cache.get("list", "a", nothing), loads]).to.deep.equal([
      null,
      null,
      1,
    ]);
  });

  it("loads each time when it is off", async () => {
    const cache = cacheOf("off");
    await cache.get("list", "a", load);
    expect(await cache.get("list", "a", load)).to.deep.equal({ loads: 2 });
    expect([...redis.values]).to.deep.equal([]);
    expect(await counts()).to.deep.equal(["off 2"]);
  });

  it("loads each time while Redis is down, and after that once", async () => {
    const cache = cacheOf();
    redis.down = true;
    await cache.get("list", "a", load);
    expect(await cache.get("list", "a", load)).to.deep.equal({ loads: 2 });
    redis.down = false;
    await cache.get("list", "a", load);
    expect(await cache.get("list", "a", load)).to.deep.equal({ loads: 3 });
    expect(await counts()).to.deep.equal(["error 2", "miss 1", "hit 1"]);
  });

  it("waits for the process that loads, and takes what that found", async () => {
    const [here, there] = [cacheOf(), cacheOf()];
    let answer: (value: string) => void = () => {};
    const slow = here.get("list", "a", () => new Promise<string>((resolve) => (answer = resolve)));
    const waiting = there.get("list", "a", load);
    await new Promise((resolve) => setTimeout(resolve, 50));
    answer("from there");
    expect([await slow, await waiting, loads]).to.deep.equal(["from there", "from there", 0]);
  });

  it("does not keep a failure", async () => {
    const cache = cacheOf();
    const failure = await cache.get("list", "a", () => Promise.reject(new Error("no"))).catch((error) => error.message);
    expect([failure, await cache.get("list", "a", load)]).to.deep.equal(["no", { loads: 1 }]);
  });
});
