import { expect } from "chai";
import { ConfigError } from "../../../workload/config";
import { change, changeOf, heldSwitches, Switches } from "../../../workload/patterns/switches";
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

  it("end by themselves at their time, each on its own", async () => {
    const past = String(Date.now() - 1);
    const later = String(Date.now() + 60_000);
    const ended = { mode: "maintenance", "mode:until": past, limits: "2", "limits:until": later };
    expect((await switched(ended)).seen).to.deep.equal(["normal", 2]);
    expect((await switched({ ...ended, "limits:until": past }, "read-only")).seen).to.deep.equal(["read-only", 1]);
    expect((await switched({ ...ended, "mode:until": later })).seen).to.deep.equal(["maintenance", 2]);
    // An end that is no number is none that comes: the switch does not hold.
    expect((await switched({ mode: "maintenance", "mode:until": "soon" })).seen).to.deep.equal(["normal", 1]);
  });

  it("are told with their ends, until these", async () => {
    const redis = new FakeRedis();
    await change(redis.asRedis, { name: "mode", value: "read-only", untilMs: 2000 });
    await change(redis.asRedis, { name: "limits", value: "3" });
    expect(redis.hashes.switches).to.deep.equal({ mode: "read-only", "mode:until": "2000", limits: "3" });
    const at = (ms: number) => heldSwitches(redis.asRedis, { MODE: "normal" }, ms);
    const limits = { value: 3, otherwise: 1 };
    expect(await at(1999)).to.deep.equal({ mode: { value: "read-only", otherwise: "normal", untilMs: 2000 }, limits });
    expect(await at(2000)).to.deep.equal({ mode: { value: "normal", otherwise: "normal" }, limits });
    // A switch that is set again without an end has none.
    await change(redis.asRedis, { name: "mode", value: "maintenance" });
    expect(redis.hashes.switches).to.deep.equal({ mode: "maintenance", limits: "3" });
    await change(redis.asRedis, { name: "mode", value: undefined });
    expect(redis.hashes.switches).to.deep.equal({ limits: "3" });
  });

  it("stay as they are while Redis is down", async () => {
    const { switches, redis } = await switched({ mode: "read-only", limits: "2" });
    redis.down = true;
    await switches.refresh();
    expect([switches.mode, switches.limitFactor]).to.deep.equal(["read-only", 2]);
  });

  it("are changed by the words of a command, one at a time", async () => {
    const redis = new FakeRedis();
    const changed = (...words: string[]) => change(redis.asRedis, changeOf(words));
    expect(await changed("mode", "read-only")).to.deep.equal({ mode: "read-only" });
    expect(await changed("limits", "0.1")).to.deep.equal({ mode: "read-only", limits: "0.1" });
    const switches = new Switches({ MODE: "normal" }, redis.asRedis);
    await switches.refresh();
    expect([switches.mode, switches.limitFactor]).to.deep.equal(["read-only", 0.1]);
    expect(await changed("off")).to.deep.equal({});
    expect(redis.hashes).to.deep.equal({});
  });

  for (const [words, problem] of [
    ["", "switch: given nothing; allowed: mode, limits, off; fix: give one"],
    ["on", "switch: given on; allowed: mode, limits, off; fix: give one"],
    ["off now", "switch: given off now; allowed: mode, limits, off; fix: give one"],
    ["mode", "switch mode: given nothing; allowed: normal, read-only, maintenance; fix: give one"],
    ["mode closed", "switch mode: given closed; allowed: normal, read-only, maintenance; fix: give one"],
    ["mode normal now", "switch mode: given normal now; allowed: normal, read-only, maintenance; fix: give one"],
    ["limits", "switch limits: given nothing; allowed: 0.1 to 100; fix: give one"],
    ["limits 0.09", "switch limits: given 0.09; allowed: 0.1 to 100; fix: give one"],
    ["limits 100.1", "switch limits: given 100.1; allowed: 0.1 to 100; fix: give one"],
    ["limits many", "switch limits: given many; allowed: 0.1 to 100; fix: give one"],
  ] as const)
    it(`are not changed by "${words}"`, () => {
      expect(() => changeOf(words.split(" ").filter(Boolean))).to.throw(ConfigError, problem);
    });
});
