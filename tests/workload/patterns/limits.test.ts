import { expect } from "chai";
import { Limits, limits } from "../../../workload/patterns/limits";
import { Metrics } from "../../../workload/telemetry/metrics";
import { FakeRedis } from "../fakes";

describe("limits", () => {
  it("are those of the guides", () => {
    expect(Object.entries(limits).map(([name, { hits, seconds, by }]) => [name, hits, seconds, by])).to.deep.equal([
      ["address", 100, 60, "address"],
      ["search", 10, 60, "user"],
      ["ai", 5, 60, "user"],
      ["image", 10, 60, "user"],
      ["video", 3, 300, "user"],
      ["training", 2, 3600, "user"],
      ["chat", 30, 60, "user"],
    ]);
  });

  /** What the script is given for a limit of 5 at a factor. */
  const asked = async (limitFactor: number) => {
    const calls: unknown[][] = [];
    const redis = {
      eval: async (...words: unknown[]) => {
        calls.push(words.slice(1, 5));
        return [1, 1, 0];
      },
    };
    await new Limits(redis as never, { limitFactor }).take("ai", "7");
    return calls[0];
  };

  it("are raised and lowered by the factor, to one request at least", async () => {
    expect(await asked(1)).to.deep.equal([1, "limit:ai:7", 60_000_000, 5]);
    expect(await asked(2.5)).to.deep.equal([1, "limit:ai:7", 60_000_000, 12]);
    expect(await asked(0.1)).to.deep.equal([1, "limit:ai:7", 60_000_000, 1]);
  });

  it("say how many whole seconds to wait, and let everyone in while Redis is down", async () => {
    const [redis, metrics] = [new FakeRedis(), new Metrics()];
    const taken = new Limits(redis.asRedis, { limitFactor: 1 }, metrics);
    redis.script = () => [0, 0, 1_000_001];
    expect(await taken.take("ai", "7")).to.deep.equal({ allowed: false, remaining: 0, retryAfterSeconds: 2 });
    redis.script = () => [1, 4, 0];
    expect(await taken.take("ai", "7")).to.deep.equal({ allowed: true, remaining: 4, retryAfterSeconds: 0 });
    redis.down = true;
    expect(await taken.take("ai", "7")).to.deep.equal({ allowed: true, remaining: 5, retryAfterSeconds: 0 });
    const counted = (await metrics.limitDecisions.get()).values.map(({ labels, value }) => [labels.decision, value]);
    expect(counted).to.deep.equal([
      ["refused", 1],
      ["allowed", 1],
      ["uncounted", 1],
    ]);
  });
});
