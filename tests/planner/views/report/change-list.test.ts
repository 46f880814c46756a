import { expect } from "chai";
import type { Change } from "../../../../planner/move/change";
import { changeGroups, changeList } from "../../../../planner/views/report/change-list";
import { change } from "../support";

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

  it("say which are online", () => {
    const about = (effect: Change["effect"]) =>
      /<span class="soft">([^<]*)/.exec(changeList([change("a", { effect })]))?.[1];
    expect([about("online"), about("in place")]).to.deep.equal(["rds.Instance; online", "rds.Instance"]);
  });

  it("have short values beside each other, and of long ones the lines that differ: all of a replacement", () => {
    const short = changeList([change("shop/a", { properties: [property("p", undefined, "<x>", true)] })]);
    expect(short).to.contain(
      '<code>p</code> <span class="soft">(replaces)</span>: <del><code>none</code></del> → ' +
        "<ins><code>&quot;&lt;x&gt;&quot;</code></ins>",
    );
    const lines = (letter: string) => Array.from({ length: 40 }, (_, at) => `${letter}<${at}>`);
    const part = (action: "replace" | "update") =>
      changeList([
        change("shop/a", { action, properties: [property("p", lines("a").join("\n"), lines("b").join("\n"))] }),
      ]);
    const marked = (letter: string, sign: string, tag: string) =>
      lines(letter).map((line) => `<${tag}>${sign} ${line.replace("<", "&lt;").replace(">", "&gt;")}</${tag}>`);
    const all = [...marked("a", "-", "del"), ...marked("b", "+", "ins")];
    expect(part("replace")).to.contain(
      '<details><summary><code>p</code>: <span class="soft">80 changed lines</span></summary>' +
        `<pre class="lines">${all.join("\n")}</pre>`,
    );
    expect(part("update")).to.contain("<details open>").and.to.contain("80 changed lines");
    expect(part("update")).to.contain(
      `<pre class="lines">${all.slice(0, 12).join("\n")}\n… 68 more lines (--format json has them)</pre>`,
    );
  });

  it("say how they interrupt the product, and nothing where there are none", () => {
    expect(changeList([change("shop/a", { downtime: "a restart" })])).to.contain(
      '<p class="warning">Interrupts the product: a restart</p>',
    );
    expect(changeList([]) + changeGroups([])).to.equal("");
  });
});
