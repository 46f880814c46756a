import { expect } from "chai";
import { loadReport } from "../../../../planner/views/report/load-test";
import { figures, result, steady } from "../../load/support/measured";

const headings = (html: string) => [...html.matchAll(/<h2 id="\w+-title">(.*)<\/h2>/g)].map(([, title]) => title);
const captions = (html: string) => [...html.matchAll(/<figcaption>(.*?)<\/figcaption>/g)].map(([, title]) => title);

describe("the report of a load test", () => {
  it("of a rate has the verdict, the curves over time against the thresholds, and the figures", () => {
    const html = loadReport(steady());
    expect(headings(html)).to.deep.equal(["Over time", "Figures", "Thresholds"]);
    expect(captions(html)).to.deep.equal(["Answer time", "Requests a second", "Errors"]);
    expect(html).to.contain('<p class="verdict">Every threshold is kept.</p>');
    expect(html).to.contain("Answer time: p50 20 ms; p95 40 ms; p99 60 ms; threshold 200 ms");
    expect(html).to.contain("Errors: errors 0 %; threshold 1 %");
    expect(html).to.contain("<li>p95 40 ms, below 200 ms</li>");
    expect(loadReport(steady(figures(100, { p95: 300 })))).to.contain(
      '<p class="verdict stop">A threshold is broken.</p>',
    );
  });

  it("of a staircase has the knee, and the use of the resources by level", () => {
    const html = loadReport(result());
    expect(headings(html)).to.deep.equal(["Over time", "Levels", "Figures", "Thresholds"]);
    expect(captions(html).slice(3)).to.deep.equal(["Throughput by level", "Use of the resources"]);
    expect(html).to.contain("<p>Knee: 395 requests/s, limited by connections.</p>");
    expect(html).to.contain("Use of the resources: connections 20 % to 99 %");
    expect([...html.matchAll(/<th scope="row">(\d+) requests\/s<\/th>/g)].map(([, rate]) => rate)).to.deep.equal([
      "80",
      "160",
      "240",
      "320",
      "400",
      "440",
      "480",
    ]);
  });

  it("loads nothing, and escapes what the scenario says", () => {
    const html = loadReport(result());
    expect(html).to.contain("one &lt;request&gt;").and.not.to.contain("<request>");
    expect(html).to.contain("default-src 'none'");
    expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].every(([, to]) => to?.startsWith("#"))).to.equal(true);
  });
});
