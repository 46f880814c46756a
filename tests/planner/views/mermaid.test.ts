import { expect } from "chai";
import fc from "fast-check";
import { mermaidDiff, mermaidText, mermaidView } from "../../../planner/views/mermaid";
import { plan, resource } from "./support";

describe("mermaid view", () => {
  it("draws components with the number of their resources", () => {
    expect(mermaidView(plan)).to.equal('flowchart TD\n  c0["shop<br/>1 resource"]\n  c1["net<br/>2 resources"]\n');
  });

  it("marks the components that a move changes", () => {
    const [root, , net] = plan.resources;
    if (!root || !net) throw new Error("no resources");
    const before = [root, net, resource("shop/net/vpc", "aws:ec2/vpc:Vpc", {})];
    const changes = [
      {
        path: "shop/net/vpc",
        type: "aws:ec2/vpc:Vpc",
        action: "delete" as const,
        data: false,
        properties: [],
        effect: "none" as const,
      },
    ];
    expect(mermaidDiff({ from: "a", to: "b", changes, phases: [] }, { before, after: [root, net] })).to.equal(
      'flowchart TD\n  c0["net<br/>1 delete"]\n  classDef changed stroke-width:3px\n  class c0 changed\n',
    );
  });

  it("shows a hostile name as text", () => {
    expect(mermaidText('a"]; click c0 "javascript:x"\n<script>`')).to.equal(
      "a#34;#93;#59; click c0 #34;javascript#58;x#34;#92;u000a#60;script#62;#96;",
    );
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-composite" }), (name) => {
        expect(mermaidText(name)).to.match(/^(?:[\p{L}\p{N} .,/-]|#\d+;)*$/u);
      }),
    );
  });
});
