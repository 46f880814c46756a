import { expect } from "chai";
import type { Change } from "../../../../planner/move/change";
import { changeGroups, changeList } from "../../../../planner/views/report/change-list";

const change = (path: string, given: Partial<Change>): Change => ({
  path,
  type: "aws:rds/instance:Instance",
  action: "update",
  data: false,
  properties: [],
  effect: "in place",
  ...given,
});
const property = (name: string, before?: unknown, after?: unknown, replaces = false) => ({
  property: name,
  before,
  after,
  replaces,
});

describe("changes in a report", () => {
  it("are grouped by action, those that stop the move first", () => {
    const html = changeGroups([
      change("shop/a", { action: "delete" }),
      change("shop/b", { action: "replace", data: true, cause: "provider", deletedFirst: true }),
      change("shop/c", { action: "refused", reason: "a <reason>" }),
    ]);
    expect([...html.matchAll(/<h3 class="group">([^<]*)/g)].map(([, title]) => title)).to.deep.equal([
      "1 refused",
      "1 replace",
      "1 delete",
    ]);
    expect(html).to.contain('<code>shop/c</code> <span class="soft">rds.Instance; a &lt;reason&gt;</span></li>');
    expect(html).to.contain(
      '<span class="soft">rds.Instance; its provider changes, so it is replaced; deleted first: gone until its replacement ' +
        'is there</span> <span class="tag">holds data</span></li>',
    );
  });

  it("have short values beside each other, and of long ones every line of both", () => {
    const short = changeList([change("shop/a", { properties: [property("p", undefined, "<x>", true)] })]);
    expect(short).to.contain(
      '<code>p</code> <span class="soft">(replaces)</span>: <del><code>none</code></del> → ' +
        "<ins><code>&quot;&lt;x&gt;&quot;</code></ins>",
    );
    const lines = Array.from({ length: 40 }, (_, at) => `line ${at} <${"x".repeat(20)}>`);
    const long = (from: string[], to: string[]) =>
      changeList([change("shop/a", { properties: [property("p", from.join("\n"), to.join("\n"))] })]);
    const folded = long(lines, ["new", ...lines.slice(1)]);
    expect(folded).to.contain(
      '<details><summary><code>p</code>: <span class="soft">1 line removed, 1 added</span></summary>',
    );
    expect(folded).to.contain(`<del>- line 0 &lt;${"x".repeat(20)}&gt;</del>\n<ins>+ new</ins>\n  line 1 `);
    for (const at of lines.keys()) expect(folded).to.contain(`line ${at} `);
    expect(long(lines.slice(0, 20), lines.slice(1, 20))).to.contain("<details open>");
  });

  it("say how they interrupt the product, and nothing where there are none", () => {
    expect(changeList([change("shop/a", { downtime: "a restart" })])).to.contain(
      '<p class="warning">Interrupts the product: a restart</p>',
    );
    expect(changeList([]) + changeGroups([])).to.equal("");
  });
});
