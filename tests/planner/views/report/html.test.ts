import { expect } from "chai";
import fc from "fast-check";
import { bar, escaped, escapedLines } from "../../../../planner/views/report/html";

describe("HTML of a report", () => {
  it("shows hostile text as text", () => {
    expect(escaped(`</script><b a='"'>&\n\u202e`)).to.equal(
      "&lt;/script&gt;&lt;b a=&#39;&quot;&#39;&gt;&amp;\\u000a\\u202e",
    );
    expect(escapedLines("a\n<b>")).to.equal("a\n&lt;b&gt;");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escaped(text)).to.match(/^(?:[^&<>"'\p{Cc}]|&(?:amp|lt|gt|quot|#39);)*$/u);
      }),
    );
  });

  it("draws a bar that begins later", () => {
    expect(bar("CPU", 0.25, "1 of 4", 0.5)).to.contain('class="fill" width="25%" x="50%"');
  });

  it("draws a bar with its figure, and marks one that is too long in words too", () => {
    expect(bar("CPU", 0.25, "1 of 4"))
      .to.contain('class="fill" width="25%"')
      .and.to.contain(">1 of 4</span>");
    expect(bar("CPU", 1.5, "6 of 4"))
      .to.contain('<li class="bar over">')
      .and.to.contain('class="fill" width="100%"')
      .and.to.contain(">6 of 4: too much</span>");
  });
});
