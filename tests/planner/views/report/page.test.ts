import { createHash } from "node:crypto";
import { expect } from "chai";
import type { Change } from "../../../../planner/move/change";
import { moveReport, planReport } from "../../../../planner/views/report/page";
import { plan, resource } from "../support";

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const between = (page: string, tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(page)?.[1] ?? "";
const change = (path: string, given: Partial<Change>): Change => ({
  path,
  type: "aws:rds/instance:Instance",
  action: "update",
  data: false,
  properties: [],
  effect: "in place",
  ...given,
});

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

  it("has the load in each case with what limits it, the cost against the limit, and the first deployment", () => {
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
    const over = { budgetUsd: 290, accepted: { upToUsd: 300, reason: "a <reason>" } };
    const page = planReport({ ...plan, cost: { ...plan.cost, items: [item], ...over } }, []);
    expect(page).to.contain(
      '<tr><th scope="row">requests a minute</th><td>10500</td><td>61700</td><td>126000</td><td>20000</td></tr>',
    );
    expect(page).to.contain(
      "<p>The estimate is not measured; first at its limit: CPU of the application (app/deployment); raised by app.maxReplicas.</p>",
    );
    expect(page).to.contain(">$290.50 of $290.00: too much</span>");
    expect(page).to.contain("<p>Accepted up to $300.00: a &lt;reason&gt;.</p>");
    expect(page).to.contain("<p>Expected to take about 9 minutes, by db.");
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
      "<li><code>engine</code>: <del><code>&quot;mysql&quot;</code></del> → <ins><code>&quot;postgres&quot;</code></ins> (replaces)</li>",
    );
    for (const sentence of [
      "Cost: 60.00 -&gt; 290.50 USD a month (+230.50).",
      "While the move runs, what it deletes still costs 0.1 USD an hour (1 resource with a price).",
      "Charged once: nothing.",
      "What stays in the account costs 12.00 USD a month until you delete it: old.",
    ])
      expect(page).to.contain(`<p>${sentence}</p>`);
    expect(page.indexOf('id="replaced"')).to.be.within(1, page.indexOf('id="phases"'));
    expect(page).to.contain('<a class="box marked data" href="#component-0"><rect ');
    expect(page).to.contain(">1 replace (!)</text>");
    expect(page).to.contain("startup (from)</th>").and.to.contain("growth (to)</th>");
  });

  it("of a move shows long values by the lines in which they differ", () => {
    const lines = (letter: string) => Array.from({ length: 40 }, (_, at) => `${letter}<${at}>`);
    const part = (action: "replace" | "update") => {
      const properties = [
        { property: "p", before: lines("a").join("\n"), after: lines("b").join("\n"), replaces: false },
      ];
      return moveReport(
        { from: "a", to: "b", changes: [change("shop/db", { action, properties })], phases: [] },
        plan,
        plan,
      );
    };
    const marked = (letter: string, sign: string, tag: string) =>
      lines(letter).map(
        (line) => `<${tag}><code>${sign} ${line.replace("<", "&lt;").replace(">", "&gt;")}</code></${tag}>`,
      );
    const all = [...marked("a", "-", "del"), ...marked("b", "+", "ins")];
    expect(part("replace")).to.contain(`<li><code>p</code>:<br>${all.join("<br>")}</li>`);
    expect(part("update")).to.contain(
      `<li><code>p</code>:<br>${all.slice(0, 12).join("<br>")}<br>… 68 more lines (--format json has them)</li>`,
    );
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
    expect((hundred?.length ?? 0) - (one?.length ?? 0)).to.be.below(100 * 250);
  });
});
