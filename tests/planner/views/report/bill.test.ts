import { expect } from "chai";
import { costSection, movedCostSection } from "../../../../planner/views/report/bill";
import { plan } from "../support";

const item = (path: string, monthlyUsd: number) => {
  const amount = { quantity: 730, usdPerUnit: 0.1, monthlyUsd };
  return { path, item: "a <thing>", unit: "hour", priceId: "x", ...amount, low: amount, high: amount };
};
const cost = { ...plan.cost, monthlyUsd: 100, budgetUsd: 90, items: [item("shop/net/vpc", 25), item("shop/db", 75)] };

describe("cost in a report", () => {
  it("has the sum against the budget, each component's part of it, and every item", () => {
    const html = costSection({ ...plan, cost: { ...cost, notCounted: ["<taxes>"] } });
    expect(html).to.contain("<p>Expected $100.00 a month; $250.00 at the least use, $410.00 at the most.</p>");
    expect(
      [...html.matchAll(/<span>([^<]*)<\/span>.*?class="fill" width="([^"]*)".*?class="figure">([^<]*)/g)].map(
        ([, ...all]) => all,
      ),
    ).to.deep.equal([
      ["total, of the budget", "100%", "$100.00 of $90.00: too much"],
      ["db", "75%", "$75.00"],
      ["net", "25%", "$25.00"],
    ]);
    expect(html).to.contain(
      '<li>$75.00 <code>db</code> <span class="soft">a &lt;thing&gt;: 730 hour at $0.1</span></li>',
    );
    expect(html.indexOf("<code>db</code>")).to.be.below(html.indexOf("<code>net/vpc</code>"));
    expect(html).to.contain('<summary>Not counted</summary>\n<ul class="plain"><li>&lt;taxes&gt;</li></ul>');
  });

  it("says what is accepted over the budget only where it is over it", () => {
    const accepted = { upToUsd: 110, reason: "a <reason>" };
    const text = "<p>Accepted up to $110.00: a &lt;reason&gt;.</p>";
    expect(costSection({ ...plan, cost: { ...cost, accepted } })).to.contain(text);
    expect(costSection({ ...plan, cost: { ...cost, budgetUsd: 100, accepted } })).not.to.contain(text);
  });

  it("of a move has each component on both sides, and the total", () => {
    const after = { ...cost, monthlyUsd: 60, items: [item("shop/db", 50), item("shop/<new>", 10)] };
    const rows = [...movedCostSection(cost, after).matchAll(/<th scope="row">(.*?)<\/th>(.*?)<\/tr>/g)];
    expect(
      rows.map(([, name, cells = ""]) => [name, ...[...cells.matchAll(/<td>([^<]*)/g)].map(([, cell]) => cell)]),
    ).to.deep.equal([
      ["&lt;new&gt;", "$0.00", "$10.00", "+10.00"],
      ["db", "$75.00", "$50.00", "-25.00"],
      ["net", "$25.00", "$0.00", "-25.00"],
      ["total", "$100.00", "$60.00", "-40.00"],
    ]);
  });
});
