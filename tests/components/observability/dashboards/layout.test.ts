import { expect } from "chai";
import fc from "fast-check";
import { placed } from "../../../../components/observability/dashboards/layout";
import type { Panel } from "../../../../components/observability/dashboards/types";

const panels = (...kinds: Panel["kind"][]): Panel[] =>
  kinds.map((kind, at) => ({ title: `${at}`, description: "", unit: "count", kind, queries: [] }));

const boxes = (...kinds: Panel["kind"][]) => placed(panels(...kinds), 1).placed.map(({ x, y, w, h }) => [x, y, w, h]);

describe("layout of panels", () => {
  it("has four figures beside each other, and two of the others", () => {
    expect(boxes("figure", "figure", "figure", "figure", "lines", "bars")).to.deep.equal([
      [0, 1, 6, 4],
      [6, 1, 6, 4],
      [12, 1, 6, 4],
      [18, 1, 6, 4],
      [0, 5, 12, 8],
      [12, 5, 12, 8],
    ]);
  });

  it("widens what has a line to itself", () => {
    expect(boxes("figure", "figure", "figure", "lines", "lines", "lines")).to.deep.equal([
      [0, 1, 8, 4],
      [8, 1, 8, 4],
      [16, 1, 8, 4],
      [0, 5, 12, 8],
      [12, 5, 12, 8],
      [0, 13, 24, 8],
    ]);
  });

  it("fills the grid, with every panel once, whatever their kinds", () => {
    const kinds = fc.array(fc.constantFrom<Panel["kind"]>("figure", "lines", "bars"), { maxLength: 20 });
    fc.assert(
      fc.property(kinds, (all) => {
        const { placed: found, bottom } = placed(panels(...all), 3);
        expect(found.map(({ panel }) => panel.title)).to.deep.equal(all.map((_, at) => `${at}`));
        const area = found.reduce((sum, { w, h }) => sum + w * h, 0);
        expect(area).to.equal(24 * (bottom - 3));
        const cells = found.flatMap(({ x, y, w, h }) =>
          Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
        );
        expect(new Set(cells).size).to.equal(area);
      }),
    );
  });
});
