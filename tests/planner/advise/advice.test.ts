import { expect } from "chai";
import { ask, type Scene } from "../../../planner/advise/advice";
import { checklist } from "../../../planner/advise/checklist";
import { type Series, unitOf } from "../../../planner/advise/metrics";
import { answerOf, commandsOf, type Option } from "../../../planner/advise/option";
import { capacityOf } from "../../../planner/capacity/capacity";
import { redisMemoryMiB } from "../../../planner/capacity/resources";
import { type Tier, tierNames, tiers } from "../../../tiers";
import { series, steady, week } from "./support";

const scene = (tier: Tier, all: Series[]): Scene => ({
  tier,
  spec: tiers[tier],
  series: all,
  capacity: capacityOf(tiers[tier], { queues: [{}] }),
});

/** What is asked: the direction, and every step with its value or why there is none. */
function asked(tier: Tier, ...all: Series[]) {
  const { direction, steps } = ask(scene(tier, all));
  const texts = steps.map((step) =>
    "tier" in step ? step.tier : "change" in step ? `${step.change.key} ${step.change.after}` : `no ${step.lever}`,
  );
  return [direction, ...texts];
}

describe("what metrics ask for", () => {
  it("is to stay where nothing is beyond a threshold", () => {
    expect(asked("growth", steady("node.cpu", 65, 60), steady("database.cpu", 70, 60))).to.deep.equal(["stay"]);
  });

  it("is the tier first where a rule asks for one, with the single settings beside it", () => {
    expect(asked("startup", steady("node.cpu", 85))).to.deep.equal([
      "up",
      "growth",
      "nodes.instanceTypes[0] t4g.xlarge",
    ]);
    expect(asked("scale", steady("node.cpu", 85))).to.deep.equal([
      "up",
      "no tier",
      "nodes.instanceTypes[0] m7g.xlarge",
    ]);
  });

  it("is a larger node for a peak that is no window", () => {
    expect(asked("startup", steady("node.cpu", 85, 5))).to.deep.equal([
      "up",
      "nodes.instanceTypes[0] t4g.xlarge",
      "growth",
    ]);
  });

  it("is what the first rule asks for; another rule adds its levers behind", () => {
    const both = [steady("queue.waiting", 500), steady("database.cpu", 75)];
    expect(asked("growth", ...both)).to.deep.equal([
      "up",
      "postgres.replicas 2",
      "postgres.instanceClass db.t4g.large",
      "scale",
      "workers.maxReplicas 10",
    ]);
    expect(ask(scene("growth", both)).because.map(({ metric }) => metric)).to.deep.equal([
      "database.cpu",
      "queue.waiting",
    ]);
  });

  it("is told once for each metric, by the rule that decides", () => {
    const { because } = ask(scene("startup", [steady("node.cpu", 85), steady("app.p95", 1200)]));
    expect(because.map(({ metric, condition }) => [metric, condition.threshold])).to.deep.equal([
      ["node.cpu", 80],
      ["app.p95", 1000],
    ]);
  });

  it("takes the lever of the busiest resource for slow answers, and says which that is", () => {
    const slow = ask(scene("growth", [steady("app.p95", 600), steady("pool.connections", 95)]));
    expect(slow.steps[0]).to.have.nested.property("change.key", "pgbouncer.poolSize");
    expect(slow.busiest).to.equal("busiest: pool.connections, up to 95 %");
    expect(ask(scene("growth", [steady("node.cpu", 90)]))).not.to.have.property("busiest");
    // A node that is short of memory becomes one with more memory, although a slow answer alone asks for CPU.
    expect(asked("growth", steady("app.p95", 600), steady("node.memory", 84))[1]).to.equal(
      asked("growth", steady("node.memory", 86))[1],
    );
  });

  it("is the tier below where CPU is idle for a week and it carries the requests", () => {
    const idle = [week("node.cpu", 5), week("database.cpu", 5)];
    const requests = tiers.startup.load.requestsPerMinute as number;
    expect(asked("growth", ...idle, week("app.requests", requests - 1))).to.deep.equal(["down", "startup"]);
    expect(asked("growth", ...idle, week("app.requests", requests))).to.deep.equal(["stay"]);
    expect(ask(scene("growth", [...idle, week("app.requests", requests)])).notSmaller).to.equal(
      "CPU would allow startup, but it must carry only 5000 requests a minute, and 5000 were measured",
    );
    expect(ask(scene("growth", idle)).notSmaller).to.equal(
      "CPU would allow startup; measure app.requests to tell whether it carries the requests",
    );
    expect(asked("mvp", ...idle, week("app.requests", 1))).to.deep.equal(["stay"]);
    const busy = steady("redis.cpu", 85);
    expect(asked("growth", ...idle, week("app.requests", 1), busy)[0]).to.equal("up");
  });

  it("is no tier below whose Redis has no room for the data", () => {
    const idle = [week("node.cpu", 5), week("database.cpu", 5), week("app.requests", 1)];
    expect(asked("scale", ...idle, week("redis.memory", 9))).to.deep.equal(["down", "growth"]);
    const full = ask(scene("scale", [...idle, week("redis.memory", 20)]));
    expect([full.direction, full.notSmaller]).to.deep.equal([
      "stay",
      "CPU would allow growth, but Redis has up to 632 MiB of data, and there 384 MiB of memory",
    ]);
  });

  it("is fewer workers where more than one runs all week for nothing", () => {
    const quiet = week("queue.waiting", 2);
    expect(asked("growth", quiet)).to.deep.equal(["stay"]);
    const spec = { ...tiers.growth, workers: { ...tiers.growth.workers, minReplicas: 3 } };
    expect(ask({ ...scene("growth", [quiet]), spec })).to.deep.include({
      direction: "down",
      steps: [{ lever: "fewer-workers", change: { key: "workers.minReplicas", before: 3, after: 1 } }],
    });
  });

  it("watches what is not healthy, unless a rule already asks for more", () => {
    const { watch } = ask(scene("growth", [steady("node.cpu", 75), steady("redis.memory", 90)]));
    expect(watch.map(({ metric }) => metric)).to.deep.equal(["node.cpu"]);
  });

  it("says what it does not know: metrics, windows, gaps", () => {
    const gap = series("redis.cpu", [1, 2, 3, 4]);
    const [from, to] = [gap.samples[1]?.at as number, gap.samples[2]?.at as number];
    const { unknown } = ask(scene("growth", [{ ...gap, gaps: [{ from, to }] }, steady("queue.waiting", 1, 9, "mail")]));
    expect(unknown.notMeasured).to.include.members(["node.cpu", "app.p95"]).and.not.include.members(["redis.cpu"]);
    expect(unknown.tooShort).to.deep.equal([
      { series: "redis.cpu", minutes: 3, needed: 10 },
      { series: "queue.waiting (mail)", minutes: 9, needed: 10 },
    ]);
    expect(unknown.gaps).to.deep.equal([
      { series: "redis.cpu", from: "2026-11-20T10:01:00.000Z", to: "2026-11-20T10:02:00.000Z" },
    ]);
  });

  it("does not know whether percent without a unit, of which none is above 1, are shares", () => {
    const assumed = (one: Series): Series => ({ ...one, unitAssumed: true });
    const { unknown } = ask(
      scene("growth", [
        assumed(series("node.cpu", [0, 0.85, 1])),
        assumed(series("redis.cpu", [0.85, 1.1])),
        assumed(series("redis.memory", [0, 0])),
        assumed(series("queue.waiting", [0, 1])),
        series("database.cpu", [0.85, 0.9]),
      ]),
    );
    expect(unknown.perhapsShares).to.deep.equal(["node.cpu"]);
  });

  it("is shown in the metric's own unit", () => {
    expect([unitOf("node.cpu"), unitOf("redis.data"), unitOf("app.p95")]).to.deep.equal(["%", "GB", "ms"]);
  });
});

describe("the answer", () => {
  const up = { direction: "up", because: [] } as Parameters<typeof answerOf>[0];
  const change = { key: "postgres.replicas", before: 1, after: 2 };
  const replica: Option = { lever: "replica", change, problems: [], commands: [] };
  const tier: Option = { lever: "tier", tier: "scale", problems: [], commands: [] };

  it("is the first option that can be planned", () => {
    const blocked = { ...replica, problems: ["no room"] };
    expect(answerOf(up, [replica, tier]).answer).to.deep.equal({
      do: "lever",
      direction: "up",
      lever: "replica",
      change,
    });
    const { answer, options } = answerOf(up, [blocked, tier]);
    expect(answer).to.deep.equal({ do: "tier", direction: "up", tier: "scale" });
    expect(options).to.deep.equal([tier, blocked]);
  });

  it("is a tier that only needs settings added or removed: they are steps of the move", () => {
    const lacking: Option = { ...tier, problems: ["no domain"], onlySettings: true };
    expect(answerOf(up, [lacking, replica]).answer.do).to.equal("tier");
    expect(answerOf(up, [{ ...tier, problems: ["no room"] }, replica]).answer.do).to.equal("lever");
    expect(answerOf(up, [{ ...replica, problems: ["none"], onlySettings: true }]).answer.do).to.equal("nothing left");
  });

  it("is to stay where nothing smaller can be planned, with the reason in place of what shows that it is idle", () => {
    const because = ask(scene("growth", [steady("node.cpu", 85)])).because;
    const smaller: Option = { ...tier, tier: "mvp", problems: ["no room", "no type"] };
    const fewer: Option = { ...replica, lever: "fewer-workers", problems: ["no pod"] };
    expect(answerOf({ direction: "down", because }, [smaller, fewer])).to.deep.equal({
      answer: { do: "stay", direction: "stay" },
      options: [],
      because: [],
      notSmaller:
        "the metrics would allow mvp, but the stack cannot be planned so: no room; no type; " +
        "the metrics would allow fewer workers, but the stack cannot be planned so: no pod",
    });
    expect(answerOf({ direction: "down", because }, [{ ...tier, tier: "mvp" }])).to.deep.include({
      answer: { do: "tier", direction: "down", tier: "mvp" },
      because,
    });
  });

  it("is nothing left where no option is open", () => {
    const closed: Option = { lever: "tier", impossible: "scale is the largest tier", problems: [], commands: [] };
    expect(answerOf(up, [closed, { ...replica, problems: ["no"] }]).answer.do).to.equal("nothing left");
  });

  it("has commands that read a change before they make it", () => {
    const of = { project: "shop", stack: "live" };
    expect(commandsOf({ lever: "tier", tier: "scale" }, of)).to.deep.equal(["npm run plan -- live --to scale"]);
    expect(commandsOf({ lever: "replica", change }, of)).to.deep.equal([
      "npm run plan -- live --out before.json",
      "npx pulumi config set --path shop:postgres.replicas 2 -s live",
      "npm run diff -- --base before.json live",
      "npx pulumi up -s live",
    ]);
    const node = { key: "nodes.instanceTypes[0]", before: "t4g.small", after: "t4g.large" };
    expect(commandsOf({ lever: "node", change: node }, of)[1]).to.equal(
      "npx pulumi config set --path 'shop:nodes.instanceTypes[0]' t4g.large -s live",
    );
    expect(commandsOf({ lever: "tier", impossible: "" }, of)).to.deep.equal([]);
  });
});

describe("checklist", () => {
  it("of a setting has the checks of every change, that of a tier also those of a move", () => {
    const setting = checklist({ stack: "live", from: "growth" });
    const tier = checklist({ stack: "live", from: "growth", to: "scale" });
    expect(setting[0]).to.match(/^Read what npm run diff says: data is safe/);
    expect(tier[0]).to.match(/^Read what npm run plan -- live --to scale says: data is safe/);
    expect(
      tier
        .slice(1)
        .filter((text) => !setting.includes(text))
        .map((text) => text.slice(0, 12)),
    ).to.deep.equal(["Remove setti", "Ask the acco"]);
    expect(setting.join())
      .to.match(/backup/)
      .and.match(/maintenance/)
      .and.match(/way back/)
      .and.match(/queue depth/);
  });

  it("names the section of every move that has one", () => {
    const guides = tierNames.flatMap((from) =>
      tierNames.flatMap((to) =>
        checklist({ stack: "s", from, to }).flatMap((text) => /moving\.md#(\w+-to-\w+)/.exec(text)?.[1] ?? []),
      ),
    );
    expect(guides).to.deep.equal([
      "mvp-to-startup",
      "startup-to-mvp",
      "startup-to-growth",
      "growth-to-startup",
      "scale-to-growth",
    ]);
  });

  it("is no smaller tier whose Redis would be fuller than 80 %", () => {
    const idle = [week("node.cpu", 5), week("database.cpu", 5), week("app.requests", 1)];
    const [smaller, larger] = [redisMemoryMiB(tiers.growth), redisMemoryMiB(tiers.scale)];
    const direction = (share: number) =>
      ask(scene("scale", [...idle, week("redis.memory", (100 * share * smaller) / larger)])).direction;
    expect(direction(0.79)).to.equal("down");
    expect(direction(0.81)).to.equal("stay");
  });
});
