import { expect } from "chai";
import { findingOf } from "../../../planner/advise/findings";
import type { Advice, Option } from "../../../planner/advise/option";
import { rules } from "../../../planner/advise/rules";
import { adviceView, answerText, findingText, lengthText, periodText } from "../../../planner/views/advice";
import { steady } from "../advise/support";
import { advice, figures } from "./advice-support";

const view = (one: Advice, width = 100) => adviceView(one, { paint: (_, text) => text, width });

describe("view of an advice", () => {
  it("has the answer first, then options, doubts, the move, commands and the checklist", () => {
    expect(view(advice()).split("\n")).to.deep.equal([
      "growth: stay at growth, with one more read replica (postgres.replicas: 1 -> 2).",
      "Measured 2026-11-20 10:00 to 2026-11-21 09:00 UTC; up to 951 requests a minute.",
      "",
      "options     USD/month        requests/min  queries/s  users  jobs/min",
      "now         290.00           800           10         20     30",
      "replicas 2  310.00 (+20.00)  900           10         20     30",
      "load: not measured; first at its limit: CPU of the application",
      "",
      "Caveats",
      "  - replicas 2: not counted: no price rds.x",
      "  - tier scale: cannot be planned yet: domain: given nothing",
      "  - shards: not possible: a cache has at most 90 nodes",
      "  - over the budget of 300: replicas 2. Set budgetUsd if you accept it, or the plan exits with 1",
      "  - fewer requests than the 951 a minute that were measured, by the model: replicas 2",
      "",
      "Data is safe.",
      "It takes 9 minutes.",
      "",
      "Commands",
      "  npm run diff -- --base before.json growth",
      "",
      "Checklist",
      "  [ ] Have a backup.",
      "",
    ]);
  });

  it("names the options over a budget only where the stack is within it", () => {
    expect(view(advice())).to.contain("over the budget of 300: replicas 2.");
    expect(view(advice({ now: figures(301, 800) }))).not.to.contain("over the budget");
  });

  it("judges another tier by that tier's budget, and what it accepts beyond", () => {
    const tier = (monthlyUsd: number, now = 290) => {
      const cost = { budgetUsd: 10, accepted: { upToUsd: 12, reason: "a reason" } };
      const option = { lever: "tier" as const, tier: "mvp" as const, problems: [], commands: [] };
      return view(
        advice({ now: figures(now, 800), options: [{ ...option, figures: figures(monthlyUsd, 900, cost) }] }),
      );
    };
    expect(tier(11.44)).not.to.contain("over the budget");
    for (const now of [290, 301])
      expect(tier(12.5, now)).to.contain("  - over the budget of 10: tier mvp. Set budgetUsd if you accept it");
  });

  it("says what is first at its limit with the option, where that is another resource", () => {
    const option = advice().options[0] as Option;
    const { cost, capacity } = figures(310, 900);
    const bottleneck = { ...capacity.bottleneck, resource: "CPU of the node" };
    const other = { ...option, figures: { cost, capacity: { ...capacity, bottleneck } } };
    expect(view(advice({ options: [other] }), 200)).to.contain(
      "first at its limit: now CPU of the application; with replicas 2: CPU of the node\n",
    );
  });

  it("says each answer in a sentence", () => {
    const of = (answer: Advice["answer"]) => answerText({ stack: "live", tier: "growth", answer });
    expect([
      of({ do: "stay", direction: "stay" }),
      of({ do: "nothing left", direction: "up" }),
      of({ do: "tier", direction: "up", tier: "scale" }),
      of({ do: "tier", direction: "down", tier: "startup" }),
    ]).to.deep.equal([
      "live: stay at growth.",
      "live: the load asks for more than growth, and no option is left.",
      "live: move up from growth to scale.",
      "live: growth is too large. Move down to startup.",
    ]);
  });

  it("says what decided it, with values, how long and when", () => {
    const [rule] = rules.filter(({ name }) => name === "reads");
    const finding = rule && findingOf(rule, steady("database.cpu", 82.345, 34, "primary"));
    expect(finding && findingText(finding)).to.equal(
      "database.cpu (primary) > 70 % for 10 minutes: 82.3 % for 34 minutes, 2026-11-20 10:00 to 10:34 UTC",
    );
    expect(finding && findingText({ ...finding, most: 90 })).to.contain(": 82.3 to 90 % for");
  });

  it("says what is not known and what to watch", () => {
    const unknown = {
      notMeasured: ["node.cpu" as const],
      tooShort: [{ series: "redis.cpu", minutes: 3, needed: 10 }],
      gaps: [{ series: "app.p95", from: "2026-11-20T10:01:00.000Z", to: "2026-11-20T10:03:00.000Z" }],
      perhapsShares: ["redis.memory (a)"],
    };
    const stay = view(
      advice({
        answer: { do: "stay", direction: "stay" },
        options: [],
        checklist: [],
        unknown,
        notSmaller: "CPU would allow startup",
      }),
    );
    expect(stay.split("\n").slice(2)).to.deep.equal([
      "",
      "290.00 of 300 USD a month; 800 requests a minute (not measured); first at its limit: CPU of the",
      "application (app/deployment); raised by app.maxReplicas",
      "",
      "Why not smaller",
      "  - CPU would allow startup",
      "",
      "Caveats",
      "  - redis.memory (a) has no unit and no value above 1, taken as percent: if they are shares, give",
      '    the unit "share"',
      "",
      "Not known",
      "  - not measured: node.cpu",
      "  - redis.cpu was measured for 3 minutes, less than a window of 10 minutes",
      "  - app.p95 has a gap, 2026-11-20 10:01 to 10:03 UTC: no window goes over it",
      "",
    ]);
  });

  it("fits the width, and shows invisible characters of a name", () => {
    const because = [findingOf(rules[0] as never, steady("node.cpu", 99, 60, "a\u202eb\u0007"))] as Advice["because"];
    const text = view(advice({ because, watch: because }), 60);
    for (const line of text.split("\n")) expect(line.length, line).to.be.at.most(60);
    expect(text).to.contain("node.cpu (a\\u202eb\\u0007)");
  });

  it("spells lengths and periods as people do", () => {
    expect([1, 10, 179, 180, 2879, 2880, 10080].map(lengthText)).to.deep.equal([
      "1 minute",
      "10 minutes",
      "179 minutes",
      "3 hours",
      "48 hours",
      "2 days",
      "7 days",
    ]);
    expect(periodText({ from: "2026-11-20T23:00:00.000Z", to: "2026-11-21T01:00:00.000Z" })).to.equal(
      "2026-11-20 23:00 to 2026-11-21 01:00 UTC",
    );
  });
});
