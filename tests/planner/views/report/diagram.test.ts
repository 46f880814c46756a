import { expect } from "chai";
import fc from "fast-check";
import { diagram } from "../../../../planner/views/report/diagram";
import type { Topology } from "../../../../planner/views/topology";
import { resource } from "../support";

const box = (title: string, protect = false) => ({
  path: `shop/${title}`,
  title,
  resources: [resource(`shop/${title}/one`, "aws:ec2/vpc:Vpc", {}, protect)],
});
const draw = ({ boxes, edges }: Topology) => diagram({ boxes, edges }, () => ({ text: "1 resource" }));
const numbers = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].map(([, number]) => Number(number));

describe("drawing of a topology", () => {
  it("draws what is needed below, with a line to it", () => {
    const svg = draw({ boxes: [box("app"), box("net")], edges: [{ from: "shop/app", to: "shop/net" }] });
    const [app = 0, net = 0] = numbers(svg, /<rect x="[\d.]+" y="([\d.]+)"/g);
    expect(app).to.be.below(net);
    expect(svg.match(/marker-end/g)).to.have.length(1);
  });

  it("draws both lines of a circle", () => {
    const edges = [
      { from: "shop/a", to: "shop/b" },
      { from: "shop/b", to: "shop/a" },
    ];
    const paths = [...draw({ boxes: [box("a"), box("b")], edges }).matchAll(/<path d="M[\d.]+ ([\d.]+).* ([\d.]+)"/g)];
    const [down, up] = paths.map(([, from, to]) => Number(to) - Number(from));
    expect(down).to.be.above(0);
    expect(up).to.be.below(0);
  });

  it("has a title of two lines at a sign, none longer than the box, with spaces between lines for a screen reader", () => {
    const svg = draw({
      boxes: [box("postgres/pgbouncer", true), box("c/security-groups"), box("n".repeat(30))],
      edges: [],
    });
    expect([...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)).to.deep.equal([
      "postgres/",
      "pgbouncer",
      "1 resource (!)",
      "c/security-",
      "groups",
      "1 resource",
      `${"n".repeat(12)}…`,
      "1 resource",
    ]);
    expect(svg).to.contain(">postgres/</text> <text x=");
  });

  it("has every line inside, also one beside all boxes", () => {
    const names = [..."abcdefghijkl"];
    const pair = fc.tuple(fc.nat(10), fc.integer({ min: 1, max: 11 })).filter(([from, step]) => from + step < 12);
    const path = (at: number) => `shop/${names[at]}`;
    fc.assert(
      fc.property(fc.uniqueArray(pair, { minLength: 8, maxLength: 24, selector: String }), (pairs) => {
        const edges = pairs.map(([from, step]) => ({ from: path(from), to: path(from + step) }));
        const svg = draw({ boxes: names.map((name) => box(name)), edges });
        const view = (/viewBox="([^"]*)"/.exec(svg)?.[1] ?? "").split(" ").map(Number);
        const [left = 0, top = 0, width = 0, height = 0] = view;
        for (const [, points = ""] of svg.slice(svg.indexOf('class="edges"')).matchAll(/ d="([^"]*)"/g)) {
          const all = points
            .split(/[MQL ]/)
            .filter(Boolean)
            .map(Number);
          for (const [at, value] of all.entries())
            expect(value).to.be.within(at % 2 === 0 ? left : top, at % 2 === 0 ? left + width : top + height);
        }
      }),
      { numRuns: 40 },
    );
  });
});
