import { createHash } from "node:crypto";
import { expect } from "chai";
import { moveReport, planReport } from "../../../../planner/views/report/page";
import { change, plan, resource } from "../support";

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const between = (page: string, tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(page)?.[1] ?? "";

describe("HTML report", () => {
  it("allows its own style and script, and nothing else", () => {
    const page = planReport(plan, []);
    expect(page).to.contain(
      `content="default-src 'none'; style-src ${hash(between(page, "style"))}; script-src ${hash(between(page, "script"))}; ` +
        `base-uri 'none'; form-action 'none'"`,
    );
    expect(page).not.to.match(/\s(?:src|style|on\w+)=|https?:/);
    expect(planReport(plan, [])).to.equal(page);
  });

  it("has a box for each component that leads to its resources, and marks the plan's tier", () => {
    const page = planReport(plan, []);
    expect(page).to.contain('<a class="box" href="#component-1"><rect ');
    expect(page).to.contain('<details id="component-1"><summary><h3>net</h3>');
    expect(page).to.contain('<a class="box data" href="#component-0"><rect ');
    expect(page).to.contain('<th scope="col" class="current">growth (this plan)</th>');
    expect(page.slice(page.indexOf('id="tiers"')).match(/<th scope="col"/g)).to.have.length(4);
    expect(page).to.contain("&quot;instanceClass&quot;: &quot;db.t4g.medium&quot;");
  });

  it("begins with cost, load, time and what is kept, and has a section for each", () => {
    const amount = { quantity: 1, usdPerUnit: 290.5, monthlyUsd: 290.5 };
    const item = {
      path: "shop/net/vpc",
      item: "thing",
      unit: "month",
      priceId: "x",
      ...amount,
      low: amount,
      high: amount,
    };
    const page = planReport({ ...plan, cost: { ...plan.cost, items: [item] } }, []);
    const figures = [...page.matchAll(/<dt>([^<]*)<\/dt><dd><b>([^<]*)<\/b> ([^<]*)/g)].map(([, ...all]) => all);
    expect(figures).to.deep.equal([
      ["Cost a month", "$290.50", "of a budget of $300.00"],
      ["Requests a minute", "61,700", "for 20,000 required; not measured"],
      ["First deployment", "about 9 minutes", ""],
      ["Resources", "3", "1 of them protected (!)"],
    ]);
    expect(page).to.contain("<p>Expected to take about 9 minutes, by db. These resources wait for each other.</p>");
    expect(page).to.contain(">8 min</span>");
    expect([...page.matchAll(/<li><a href="#(\w+)">([^<]*)/g)].map(([, ...link]) => link.join(": "))).to.deep.equal([
      "topology: Topology",
      "components: Components",
      "cost: Cost a month",
      "capacity: Capacity against load",
      "duration: First deployment",
      "tiers: Tiers side by side",
    ]);
  });

  it("of a move begins with the verdict, then what is replaced with its values, then the phases", () => {
    const replaced = change("shop/db", {
      action: "replace",
      data: true,
      properties: [{ property: "engine", before: "mysql", after: "postgres", replaces: true }],
    });
    const phases = [{ title: "Move", commands: ["pulumi up"], check: "it answers" }];
    const kept = {
      path: "shop/old",
      item: "a",
      paid: "monthly" as const,
      quantity: { low: 1, expected: 1, high: 1 },
      unit: "month",
      usdPerUnit: 12,
      usd: { low: 12, expected: 12, high: 12 },
      priceId: "a",
      source: "a",
    };
    const cost = {
      monthlyUsdBefore: 60,
      monthlyUsdAfter: 290.5,
      rangeUsdBefore: { low: 90, high: 110 },
      rangeUsdAfter: { low: 70, high: 100 },
      notCountedMonthly: [],
      runsTwice: ["shop/db"],
      runsTwiceUsdPerHour: 0.1,
      onceUsd: { low: 0, expected: 0, high: 0 },
      staysMonthlyUsd: { low: 12, expected: 12, high: 12 },
      unshrunkMonthlyUsd: { low: 0, expected: 0, high: 0 },
      charges: [kept],
      notCounted: [],
    };
    const page = moveReport(
      { from: "a", to: "b", changes: [replaced], phases, cost },
      { ...plan, tier: "startup" },
      plan,
    );
    expect(page).to.contain(
      '<p class="verdict stop">Data would be lost: the move replaces or deletes 1 resource that holds it.</p>',
    );
    expect(page).to.contain(
      '<li><code>engine</code> <span class="soft">(replaces)</span>: <del><code>&quot;mysql&quot;</code></del> → <ins><code>&quot;postgres&quot;</code></ins></li>',
    );
    for (const sentence of [
      "Cost: 60.00 -&gt; 290.50 USD a month (+230.50); by use 90.00 to 110.00 -&gt; 70.00 to 100.00.",
      "While the move runs, what it deletes still costs 0.1 USD an hour (1 resource with a price).",
      "Charged once: nothing.",
      "What stays in the account costs 12.00 USD a month until you delete it: old.",
    ])
      expect(page).to.contain(`<p>${sentence}</p>`);
    expect(page.indexOf('id="replaced"')).to.be.within(1, page.indexOf('id="phases"'));
    expect(page).to.contain('<a class="box replaced data" href="#component-0">');
    expect(page).to.contain(">1 change (!)</text>").and.to.contain("<p>1 replace</p>");
    expect(page).to.contain("startup (from)</th>").and.to.contain("growth (to)</th>");
  });

  it("shows hostile names and values as text", () => {
    const name = `</script><img src=x onerror=alert(1)>"'&`;
    const hostile = [
      resource("shop", "tierstack:platform:Platform", {}),
      resource(`shop/${name}`, "tierstack:x:Y", {}),
      resource(`shop/${name}/vpc`, "aws:ec2/vpc:Vpc", { cidrBlock: name, tags: { [name]: name } }),
    ];
    const safe = (page: string) => expect(page).not.to.contain("<img").and.not.to.contain("</script><");
    safe(planReport({ ...plan, stack: name, project: name, resources: hostile }, []));
    const changes = [change(`shop/${name}/vpc`, { note: name, downtime: name, cause: name })];
    safe(moveReport({ from: name, to: name, changes, phases: [] }, plan, { ...plan, resources: hostile }));
  });

  it("draws a stack with a hundred queues as one with a single queue", () => {
    const workers = (queues: number) => [
      resource("shop", "tierstack:platform:Platform", {}),
      resource("shop/workers", "tierstack:workers:Workers", {}),
      ...Array.from({ length: queues }, (_, at) =>
        resource(`shop/workers/q${at}`, "kubernetes:apps/v1:Deployment", {}),
      ),
    ];
    const [one, hundred] = [1, 100].map((queues) => planReport({ ...plan, resources: workers(queues) }, []));
    expect(hundred?.match(/class="box/g)).to.have.length(1);
    expect(hundred).to.contain("<details><summary>100 x Deployment</summary>");
    expect(one).not.to.contain(" x Deployment");
    expect((hundred?.length ?? 0) - (one?.length ?? 0)).to.be.below(100 * 250);
  });
});
