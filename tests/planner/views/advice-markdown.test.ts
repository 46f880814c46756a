import { expect } from "chai";
import { marked } from "marked";
import { findingOf } from "../../../planner/advise/findings";
import type { Advice } from "../../../planner/advise/option";
import { rules } from "../../../planner/advise/rules";
import { markdownAdvice } from "../../../planner/views/advice-markdown";
import { steady } from "../advise/support";
import { advice } from "./advice-support";

const because = (of: string) => [findingOf(rules[0] as never, steady("node.cpu", 99, 60, of))] as Advice["because"];

describe("advice as Markdown", () => {
  it("has the answer as its title, options as a table and a checklist to tick", () => {
    expect(markdownAdvice(advice({ because: because("a"), busiest: "busiest: node.cpu" })).split("\n")).to.deep.equal([
      "## growth: stay at growth, with one more read replica (postgres.replicas: 1 -> 2).",
      "",
      "Measured 2026-11-20 10:00 to 2026-11-21 09:00 UTC; up to 951 requests a minute.",
      "",
      "### Because",
      "",
      "- `node.cpu (a)` > 80 % for 10 minutes: 99 % for 60 minutes, 2026-11-20 10:00 to 11:00 UTC",
      "- busiest: node.cpu",
      "",
      "| options | USD/month | requests/min | queries/s | users | jobs/min |",
      "| --- | ---: | ---: | ---: | ---: | ---: |",
      "| now | 290.00 | 800 | 10 | 20 | 30 |",
      "| replicas 2 | 310.00 (+20.00) | 900 | 10 | 20 | 30 |",
      "",
      "load: not measured; first at its limit: CPU of the application",
      "",
      "### Caveats",
      "",
      "- replicas 2: not counted: `no price rds.x`",
      "- tier scale: cannot be planned yet: `domain: given nothing`",
      "- shards: not possible: a cache has at most 90 nodes",
      "- over the budget of 300: replicas 2. Set budgetUsd if you accept it, or the plan exits with 1",
      "- fewer requests than the 951 a minute that were measured, by the model: replicas 2",
      "",
      "### The change",
      "",
      "- Data is safe.",
      "- `It takes 9 minutes.`",
      "",
      "### Commands",
      "",
      "```",
      "npm run diff -- --base before.json growth",
      "```",
      "",
      "### Checklist",
      "",
      "- [ ] Have a backup.",
      "",
    ]);
  });

  it("shows hostile names as text", () => {
    const name = "</code><img src=x onerror=alert(1)> `@all` [x](javascript:alert(1))\n# title";
    const gaps = [{ series: name, from: "2026-11-20T10:01:00.000Z", to: "2026-11-20T10:03:00.000Z" }];
    const text = markdownAdvice(
      advice({
        because: because(name),
        watch: because(name),
        unknown: { notMeasured: [], tooShort: [], gaps, perhapsShares: [] },
      }),
    );
    const html = marked.parse(text, { async: false });
    expect(html).not.to.match(/<img|<a |<h1/);
    expect(html.match(/&lt;img src=x/g)).to.have.length(3);
  });

  it("of a stack that stays has neither options nor commands", () => {
    const text = markdownAdvice(advice({ answer: { do: "stay", direction: "stay" }, options: [], checklist: [] }));
    expect(text).to.contain("290.00 of 300 USD a month; 800 requests a minute (not measured)");
    expect(text).not.to.match(/### (Commands|Checklist|Caveats)|\| now/);
  });
});
