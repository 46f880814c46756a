import { expect } from "chai";
import fc from "fast-check";
import { type Chart, chart, pathOf } from "../../../../planner/views/report/chart";

const own: Chart = {
  title: "Answer <time>",
  at: [0, 1, 2, 3],
  axis: "s",
  text: (value) => `${value} ms`,
  lines: [
    { name: "p95", kind: "first", values: [10, null, 30, 40] },
    { name: "none", kind: "second", values: [null, null, null, null] },
    { name: "threshold", kind: "limit", values: [200, 200, 200, 200] },
  ],
};

describe("a chart", () => {
  it("has gaps where there is no value, and a dot for one on its own", () => {
    expect(pathOf([[0, 1], null, [2, 3], [4.25, 5], null])).to.equal("M0 1h0.1M2 3L4.3 5");
    expect(pathOf([null, null])).to.equal("");
  });

  it("says in words what it shows, and escapes what is not ours", () => {
    const html = chart(own);
    expect(html).to.contain('aria-label="Answer &lt;time&gt;: p95 10 ms to 40 ms; none nothing; threshold 200 ms"');
    expect(html).to.contain("<figcaption>Answer &lt;time&gt;</figcaption>");
    expect(html).not.to.contain("<time>");
    expect([...html.matchAll(/<\/svg>([a-z0-9]+)<\/span>/g)].map(([, name]) => name)).to.deep.equal([
      "p95",
      "none",
      "threshold",
    ]);
  });

  it("has an axis of round values from nothing to beyond the most", () => {
    const texts = [...chart(own).matchAll(/text-anchor="end">([^<]*)</g)].map(([, text]) => text);
    expect(texts).to.deep.equal(["0 ms", "50 ms", "100 ms", "150 ms", "200 ms", "3 s"]);
  });

  it("draws every value within the picture, whatever the values", () => {
    const values = fc.array(fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, (some) => {
        const html = chart({
          ...own,
          at: some.map((_, at) => at),
          lines: [{ name: "x", kind: "first", values: some }],
        });
        const [, path = ""] = /class="line first" d="([^"]*)"\/><\/svg><div>/.exec(html) ?? [];
        const points = [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)];
        expect(points).to.have.length(some.filter((value) => value !== null).length);
        for (const [, x, y] of points) {
          expect(Number(x)).to.be.within(52, 352);
          expect(Number(y)).to.be.within(8, 156);
        }
      }),
    );
  });
});
