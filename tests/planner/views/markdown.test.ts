import { expect } from "chai";
import fc from "fast-check";
import { marked } from "marked";
import type { Change } from "../../../planner/move/change";
import { codeSpan, commentLimit, markdownDiff, markdownView } from "../../../planner/views/markdown";
import { plan, resource } from "./support";

const change = (path: string, given: Partial<Change> = {}): Change => ({
  path,
  type: "aws:ec2/vpc:Vpc",
  action: "update",
  data: false,
  properties: [],
  effect: "none",
  ...given,
});
const property = (name: string, before?: unknown, after?: unknown) => ({
  property: name,
  before,
  after,
  replaces: true,
});
const vpc = (name: string, cidrBlock: string) => resource(`shop/net/${name}`, "aws:ec2/vpc:Vpc", { cidrBlock });
const [root, , net] = plan.resources as [(typeof plan.resources)[0], unknown, (typeof plan.resources)[0]];
const html = (markdown: string) => marked.parse(markdown, { async: false });

/** What a reader of HTML sees. */
const textOf = (markup: string) =>
  markup
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ({ lt: "<", gt: ">", quot: '"', amp: "&" })[name] ?? "");

describe("markdown view", () => {
  it("of a plan says by how much the cost exceeds the budget, and why that is accepted", () => {
    const cost = { ...plan.cost, budgetUsd: 290, accepted: { upToUsd: 291, reason: "a *reason*" } };
    expect(markdownView({ ...plan, cost })).to.contain(
      "\n- Cost a month, USD: 290.50 of 290, by use 250.00 to 410.00; `0.50 over the budget of 290, accepted up to 291: a *reason*`\n",
    );
  });

  it("of a plan says what the cost leaves out, as text, and no range of what costs nothing", () => {
    const notCounted = ["taxes", "the difference to the prices of <eu-west-1>"];
    expect(markdownView({ ...plan, cost: { ...plan.cost, notCounted } })).to.contain(
      "\n- Not counted: `taxes`; `the difference to the prices of <eu-west-1>`\n",
    );
    const none = { ...plan.cost, monthlyUsd: 0, low: 0, high: 0 };
    expect(markdownView({ ...plan, cost: none })).to.contain("\n- Cost a month, USD: nothing on AWS\n");
  });

  it("of a plan: the summary, then each component in a fold", () => {
    expect(markdownView(plan).split("\n")).to.deep.equal([
      "## Plan of `growth`",
      "",
      "- Project `shop`, tier `growth`: 3 resources, 1 protected",
      "- Cost a month, USD: 290.50 of 300, by use 250.00 to 410.00",
      "- Load: 61700 requests a minute, `not measured`, `first at its limit: CPU of the application (app/deployment); raised by app.maxReplicas`",
      "- Range: at the worst and best assumptions 10500 and 126000 requests/min; 750 jobs/min; 384 MiB of Redis data",
      "- Connections: 5000 clients on 99 of 413 database connections",
      "- First deployment: `about 9 minutes, by db`",
      "- `shop/db` `rds.Instance` **protected**",
      "",
      "<details><summary>1 resource of <code>shop</code></summary>",
      "",
      "- `shop/db` `rds.Instance` `db.t4g.medium, 20 GiB`",
      "",
      "</details>",
      "",
      "<details><summary>2 resources of <code>net</code></summary>",
      "",
      "- `shop/net/vpc` `ec2.Vpc` `10.0.0.0/16`",
      `- \`shop/net/${"long-".repeat(20)}name\` \`ec2.Subnet\` \`10.0.0.0/20 undefined\``,
      "",
      "</details>",
      "",
    ]);
  });

  it("of a move: the verdict, replacements with every property, then the other changes by component", () => {
    const sides = {
      before: [root, net, vpc("a", "10.0.0.0/16"), vpc("b", "10.1.0.0/16")],
      after: [root, net, vpc("a", "10.2.0.0/16"), vpc("b", "10.3.0.0/16")],
    };
    const changes = [
      change("shop/net/a", {
        action: "replace",
        properties: [property("cidrBlock", "10.0.0.0/16", "10.2.0.0/16")],
      }),
      change("shop/net/b", {
        properties: [property("cidrBlock", "10.1.0.0/16", "10.3.0.0/16")],
        downtime: "a restart: minutes",
      }),
    ];
    expect(markdownDiff({ from: "a", to: "b", changes, phases: [] }, sides).split("\n")).to.deep.equal([
      "## `a` → `b`",
      "",
      "**Data is safe: nothing that holds it is replaced or deleted.**",
      "",
      "- 1 replace, 1 update.",
      "- 1 change (!) interrupts the product: turn on maintenance first (docs/moving.md#maintenance).",
      "",
      "### Refused, replaced or deleted",
      "",
      "- `shop/net/a` `ec2.Vpc` **replace**",
      '  - `cidrBlock`: `"10.0.0.0/16"` → `"10.2.0.0/16"` (replaces)',
      "",
      "<details><summary><code>net</code>: 1 update</summary>",
      "",
      "- `shop/net/b` `ec2.Vpc` **update**",
      "  - interrupts the product: `a restart: minutes`",
      '  - `cidrBlock`: `"10.1.0.0/16"` → `"10.3.0.0/16"` (replaces)',
      "",
      "</details>",
      "",
    ]);
  });

  it("says which changes are online", () => {
    const changes = [change("shop/net/a", { effect: "online", data: true })];
    const text = markdownDiff(
      { from: "a", to: "b", changes, phases: [] },
      { before: [], after: [root, net, vpc("a", "")] },
    );
    expect(text).to.contain("- `shop/net/a` `ec2.Vpc` **update**, online, holds data\n");
  });

  it("gives the cause of what is carried onward, and the phases with their checks", () => {
    const phases = [{ title: "Move", commands: ["npx pulumi up -s a"], check: "it answers" }];
    const changes = [change("shop/net/job", { action: "replace", cause: "shop/net/a" })];
    const text = markdownDiff({ from: "a", to: "b", changes, phases }, { before: [], after: [root, net] });
    expect(text.split("\n").slice(6)).to.deep.equal([
      "### Refused, replaced or deleted",
      "",
      "- `shop/net/job` `ec2.Vpc` **replace**",
      "  - `is replaced because shop/net/a is replaced`",
      "",
      "### Phases",
      "",
      "1. Move",
      "   - `npx pulumi up -s a`",
      "   - check: it answers",
      "",
    ]);
  });

  it("shows long values by the lines in which they differ: every one of a replacement, the first twelve of an update", () => {
    const lines = (letter: string) => Array.from({ length: 40 }, (_, at) => `${letter}${at}`);
    const text = (action: "replace" | "update") => {
      const properties = [property("p", ["x", ...lines("a")].join("\n"), ["x", ...lines("b")].join("\n"))];
      return markdownDiff(
        { from: "a", to: "b", changes: [change("shop/net/a", { action, properties })], phases: [] },
        { before: [], after: [root, net, vpc("a", "")] },
      );
    };
    const spans = [...lines("a").map((line) => `- ${line}`), ...lines("b").map((line) => `+ ${line}`)].map(
      (line) => `    - \`${line}\`\n`,
    );
    expect(text("replace")).to.contain(`  - \`p\`: (replaces)\n${spans.join("")}`);
    expect(text("update")).to.contain(
      `${spans.slice(0, 12).join("")}    - … 68 more lines (--format json has them)\n\n</details>`,
    );
  });

  for (const number of [600, 20_000])
    it(`keeps within a comment with ${number} changes: cuts what is not replaced first, and says so`, () => {
      const names = Array.from({ length: number }, (_, at) => `${"n".repeat(100)}${at}`);
      const sides = { before: [], after: [root, net, ...names.map((name) => vpc(name, "10.0.0.0/16"))] };
      const replaced = change("shop/net/first", { action: "replace", properties: [property("cidrBlock")] });
      const changes = [...names.map((name) => change(`shop/net/${name}`, { action: "create" })), replaced];
      const text = markdownDiff({ from: "a", to: "b", changes, phases: [] }, sides);
      expect(text.length).to.be.within(commentLimit - 2_000, commentLimit);
      expect(text).to.contain("- `shop/net/first` `ec2.Vpc` **replace**\n  - `cidrBlock`: none → none (replaces)\n");
      expect(text).to.match(/- … \d+ more lines left out\. The full text: `npm run diff -- a b`\n\n<\/details>\n$/);
    });

  it("says how many replacements do not fit, and where they are, and keeps the verdict and the phases", () => {
    const changes = Array.from({ length: 2_000 }, (_, at) => change(`${"n".repeat(100)}${at}`, { action: "replace" }));
    const phases = [{ title: "Move", commands: ["npx pulumi up -s a"], check: "it answers" }];
    const text = markdownDiff({ from: "a", to: "b", changes, phases }, { before: [], after: [] });
    expect(text.length).to.be.within(commentLimit - 2_000, commentLimit);
    expect(text).to.contain("**Data is safe: nothing that holds it is replaced or deleted.**\n\n- 2000 replace.\n");
    expect(text).to.match(
      /- … \d+ more lines left out\. The full text: `npm run diff -- a b`\n\n### Phases\n\n1\. Move\n {3}- `npx pulumi up -s a`\n {3}- check: it answers\n$/,
    );
  });

  it("shows hostile names and values as text: no markup, no mention", () => {
    const names = ["`` ` ``", "<script>alert(1)</script>", "a\n\n# head\n@team", "</details>|*b*", " ", "\u202eabc"];
    for (const name of names) {
      const hostile = { ...vpc("x", name), path: `shop/${name}/x`, parent: `shop/${name}` };
      const holder = { ...net, path: `shop/${name}` };
      const text = markdownView({ ...plan, stack: name, resources: [root, holder, hostile] });
      const rendered = html(text);
      expect(rendered, name).not.to.match(/<(script|h1|em|table)\b/);
      expect(rendered.match(/<\/?details>/g), name).to.deep.equal(["<details>", "</details>"]);
      // GitHub takes no mention inside code.
      expect(rendered.replace(/<code>.*?<\/code>/gs, ""), name).not.to.contain("@");
    }
  });

  it("shows hostile names in the facts of a move as text", () => {
    const path = "shop/<script>alert(1)</script>@team *b*";
    const usd = { low: 1, expected: 1, high: 1 };
    const charge = { path, item: "a", quantity: usd, unit: "a", usdPerUnit: 1, usd, priceId: "a", source: "a" };
    const charges = [charge, { ...charge, priceId: null }].map((one) => ({ ...one, paid: "once" as const }));
    const cost = {
      monthlyUsdBefore: 1,
      monthlyUsdAfter: 1,
      rangeUsdBefore: { low: 90, high: 110 },
      rangeUsdAfter: { low: 70, high: 100 },
      notCountedMonthly: [],
      runsTwice: [],
      runsTwiceUsdPerHour: 0,
      onceUsd: usd,
      staysMonthlyUsd: usd,
      unshrunkMonthlyUsd: usd,
      charges: [...charges, { ...charge, paid: "monthly" as const }, { ...charge, paid: "unshrunk" as const }],
      notCounted: [path],
    };
    const duration = { minutes: 9, longest: null, path: [{ path, minutes: 9 }] };
    const changes = [change("shop/net/a", { action: "create" })];
    const text = markdownDiff({ from: "a", to: "b", changes, phases: [], cost, duration }, { before: [], after: [] });
    const rendered = html(text);
    expect(rendered.match(/alert\(1\)/g)).to.have.length(6);
    expect(rendered).not.to.match(/<(script|em)\b/);
    expect(rendered.replace(/<code>.*?<\/code>/gs, "")).not.to.contain("@");
  });

  it("puts any text into one code span", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-composite" }), fc.nat(3), (text, ticks) => {
        const shown = html(`- a ${codeSpan(`${"`".repeat(ticks)}${text}`)} b`);
        expect(shown).to.match(/^<ul>\n<li>a <code>[^<]*<\/code> b<\/li>\n<\/ul>\n$/);
      }),
    );
    expect(textOf(html(codeSpan("`<b>` & @x")))).to.equal("`<b>` & @x\n");
  });
});
