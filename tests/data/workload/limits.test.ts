import { expect } from "chai";
import { limits } from "../../../workload/patterns/limits";
import { size } from "../support/full";
import type { WorkloadProcess } from "../support/workload";
import { Product, type Redis } from "./support/product";

const callers = 50;
const { hits, seconds } = limits.address;
const windowMicros = seconds * 1e6;

/** Lets time pass for the first entries of a set. Nothing else in the window depends on the clock. */
const age = `
local entries = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')
for at = 1, #entries, 2 do redis.call('ZADD', KEYS[1], string.format('%.0f', entries[at + 1] - ARGV[2]), entries[at]) end
return #entries / 2
`;

describe("limits over three processes", () => {
  let product: Product;
  let apps: WorkloadProcess[];
  let redis: Redis;

  before(async function () {
    product = await Product.start(this);
    apps = await Promise.all([1, 2, 3].map(() => product.startApp()));
    redis = product.connect().redis;
    await new Promise((resolve) => redis.once("ready", resolve));
  });

  after(async () => {
    redis?.disconnect();
    await product?.close();
  });

  const ask = (at: number, address: string) =>
    (apps[at % apps.length] as WorkloadProcess).ask("/reference/categories", { headers: { "x-real-ip": address } });

  /** Sends requests of an address from all callers at once. Returns how many had each status. */
  async function crowd(requests: number, address: string): Promise<Record<number, number>> {
    const counts: Record<number, number> = {};
    let sent = 0;
    const caller = async () => {
      while (sent < requests) {
        const { status } = await ask(sent++, address);
        counts[status] = (counts[status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
    return counts;
  }

  const key = (address: string) => `limit:address:${address}`;
  const leave = (address: string, entries: number) => redis.eval(age, 1, key(address), entries, windowMicros);

  it("let 100 requests a minute of an address through, whichever processes they reach", async () => {
    expect([hits, seconds]).to.deep.equal([100, 60]);
    expect(await crowd(size(5000, 500), "192.0.2.1")).to.deep.equal({ 200: hits, 429: size(5000, 500) - hits });
    // Another address has its own.
    expect(await crowd(50, "192.0.2.2")).to.deep.equal({ 200: 50 });
  });

  it("let in exactly as many as left the window", async () => {
    const address = "192.0.2.3";
    await crowd(200, address);
    for (const left of [1, 37, 99, 100, 63]) {
      expect(await leave(address, left)).to.equal(left);
      expect(await crowd(250, address), String(left)).to.deep.equal({ 200: left, 429: 250 - left });
    }
  });

  it("hold in every window, while old entries leave all the time", async () => {
    const address = "192.0.2.4";
    // Time runs faster: before each round, all entries become older by a part of the window.
    const [rounds, step] = [size(120, 24), windowMicros / 6];
    const entered = new Map<string, number>();
    let passed = 0;
    let allowed = 0;
    for (let round = 0; round < rounds; round++) {
      await redis.eval(age, 1, key(address), hits, step);
      passed += step;
      allowed += (await crowd(60, address))[200] ?? 0;
      const entries = await redis.zrange(key(address), "0", "-1", "WITHSCORES");
      for (let at = 0; at < entries.length; at += 2)
        if (!entered.has(entries[at] as string)) entered.set(entries[at] as string, Number(entries[at + 1]) + passed);
    }
    const times = [...entered.values()].sort((a, b) => a - b);
    expect(times.length).to.equal(allowed);
    expect(allowed).to.be.within((hits * (rounds - 6)) / 6, hits * (rounds / 6 + 1));
    const tooClose = times.filter((time, at) => at >= hits && time - (times[at - hits] as number) < windowMicros);
    expect(tooClose).to.deep.equal([]);
  });

  it("tell a refused caller how long to wait, and let in who waits", async () => {
    const address = "192.0.2.5";
    await crowd(hits, address);
    const { status, headers, body } = await ask(0, address);
    expect([status, body]).to.deep.equal([429, { error: "too many requests" }]);
    const wait = Number(headers.get("retry-after"));
    expect(wait).to.be.within(1, seconds);
    await redis.eval(age, 1, key(address), hits, wait * 1e6);
    expect((await ask(1, address)).status).to.equal(200);
  });

  it("are raised in every process without a deploy, and lowered again", async () => {
    const factor = async (text: string) => {
      await redis.hset("switches", "limits", text);
      // Each process reads the switches every second.
      await new Promise((resolve) => setTimeout(resolve, 2500));
    };
    const address = "192.0.2.6";
    await factor("2");
    expect(await crowd(500, address)).to.deep.equal({ 200: 2 * hits, 429: 300 });
    await factor("0.5");
    await leave(address, 2 * hits - 50);
    expect(await crowd(60, address)).to.deep.equal({ 429: 60 });
    await leave(address, 10);
    expect((await crowd(60, address))[200]).to.equal(10);
    await redis.del("switches");
  });
});
