import { expect } from "chai";
import { Switches } from "../../../workload/patterns/switches";
import { FakeRedis } from "../fakes";

describe("switches", () => {
  const switched = async (hash: Record<string, string>, MODE: "normal" | "read-only" = "normal") => {
    const redis = new FakeRedis();
    const switches = new Switches({ MODE }, redis.asRedis);
    redis.hashes.switches = hash;
    await switches.refresh();
    return { switches, redis, seen: [switches.mode, switches.limitFactor] };
  };

  it("are the environment's where Redis holds none", async () => {
    expect((await switched({})).seen).to.deep.equal(["normal", 1]);
    expect((await switched({}, "read-only")).seen).to.deep.equal(["read-only", 1]);
  });

  it("are those of Redis", async () => {
    expect((await switched({ mode: "normal", limits: "2.5" }, "read-only")).seen).to.deep.equal(["normal", 2.5]);
    expect((await switched({ mode: "maintenance", limits: "0.1" })).seen).to.deep.equal(["maintenance", 0.1]);
    expect((await switched({ limits: "100" })).seen).to.deep.equal(["normal", 100]);
  });

  it("ignore what makes no sense", async () => {
    for (const limits of ["0", "0.09", "101", "-1", "many", ""])
      expect((await switched({ mode: "closed", limits })).seen, limits).to.deep.equal(["normal", 1]);
  });

  it("stay as they are while Redis is down", async () => {
    const { switches, redis } = await switched({ mode: "read-only", limits: "2" });
    redis.down = true;
    await switches.refresh();
    expect([switches.mode, switches.limitFactor]).to.deep.equal(["read-only", 2]);
  });
});
