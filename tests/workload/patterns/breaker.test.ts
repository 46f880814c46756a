import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Unavailable } from "../../../workload/failures";
import { Breaker, breakerLimits } from "../../../workload/patterns/breaker";
import { Metrics } from "../../../workload/telemetry/metrics";

describe("circuit breaker", () => {
  let calls: number;
  let fails: boolean;
  let breaker: Breaker<[string], string>;
  let metrics: Metrics;

  const start = (openMs?: number) => {
    [calls, fails] = [0, false];
    metrics = new Metrics();
    const call = async (text: string) => {
      calls += 1;
      if (fails) throw new Error("no");
      return text;
    };
    breaker = new Breaker("provider", call, { timeoutMs: 1000, openMs }, metrics);
  };

  afterEach(() => breaker.close());

  /** Calls `count` times. Returns how many reached the service. */
  const reached = async (count: number) => {
    const before = calls;
    for (let at = 0; at < count; at++) await breaker.call("x").catch(() => {});
    return calls - before;
  };
  const open = async () => (await metrics.breakerState.get()).values.map(({ value }) => value);

  it("opens after three failures in a row, for half a minute, and says so", async () => {
    expect(breakerLimits).to.deep.equal({ failures: 3, openMs: 30_000 });
    start();
    fails = true;
    expect(await reached(2)).to.equal(2);
    expect([breaker.open, await open()]).to.deep.equal([false, [0]]);
    expect(await reached(5)).to.equal(1);
    expect([breaker.open, await open()]).to.deep.equal([true, [1]]);
  });

  it("does not open while calls between succeed", async () => {
    start();
    for (let round = 0; round < 5; round++) {
      fails = true;
      expect(await reached(2)).to.equal(2);
      fails = false;
      expect(await reached(1)).to.equal(1);
    }
    expect(breaker.open).to.equal(false);
  });

  it("lets one call try when the time is over: a failure opens it again, a success closes it", async () => {
    start(50);
    fails = true;
    await reached(3);
    await sleep(100);
    expect(await reached(3)).to.equal(1);
    await sleep(100);
    fails = false;
    expect(await breaker.call("back")).to.equal("back");
    expect([await reached(3), await open()]).to.deep.equal([3, [0]]);
  });

  it("gives callers one error, whatever the service's was", async () => {
    start();
    fails = true;
    const error = await breaker.call("x").catch((caught) => caught);
    expect(error).to.be.instanceOf(Unavailable);
    expect([error.message, error.cause.message]).to.deep.equal(["provider is not available", "no"]);
  });
});
