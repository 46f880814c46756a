import { expect } from "chai";
import type { PlannedResource } from "../../../planner/record/planned";
import { topologyOf } from "../../../planner/views/topology";
import { resource } from "./support";

const needing = (one: PlannedResource, ...dependsOn: string[]): PlannedResource => ({ ...one, dependsOn });
const part = (path: string) => resource(path, `tierstack:${path}:Part`, {});
const vpc = (path: string) => resource(path, "aws:ec2/vpc:Vpc", {});

describe("topology", () => {
  it("has a box per component with resources, and those outside any in the project's", () => {
    const { boxes } = topologyOf([
      part("shop"),
      vpc("shop/own"),
      part("shop/a"),
      vpc("shop/a/1"),
      part("shop/a/inner"),
      part("shop/a/inner/deep"),
      vpc("shop/a/inner/deep/2"),
      part("shop/empty"),
    ]);
    expect(boxes.map(({ path, title, resources }) => [path, title, resources.length])).to.deep.equal([
      ["shop", "shop", 1],
      ["shop/a", "a", 1],
      ["shop/a/inner", "a/inner", 1],
    ]);
  });

  it("leaves out an edge that a longer way says already, and keeps both of a circle", () => {
    const { edges } = topologyOf([
      part("shop"),
      ...["a", "b", "c"].map((name) => part(`shop/${name}`)),
      needing(vpc("shop/a/1"), "shop/b/1", "shop/c/1", "shop/a/2"),
      vpc("shop/a/2"),
      needing(vpc("shop/b/1"), "shop/c/1"),
      needing(vpc("shop/c/1"), "shop/b/2"),
      vpc("shop/b/2"),
    ]);
    expect(edges.map(({ from, to }) => `${from} ${to}`)).to.deep.equal([
      "shop/a shop/c",
      "shop/b shop/c",
      "shop/c shop/b",
    ]);
  });

  it("draws a component as a part of the one around it where each needs the other", () => {
    const { boxes, edges } = topologyOf([
      part("shop"),
      part("shop/a"),
      needing(vpc("shop/a/1"), "shop/a/node/2"),
      part("shop/a/node"),
      needing(vpc("shop/a/node/2"), "shop/a/3", "shop/b/4"),
      vpc("shop/a/3"),
      part("shop/b"),
      vpc("shop/b/4"),
    ]);
    expect(boxes.map(({ path, resources }) => [path, resources.length])).to.deep.equal([
      ["shop/a", 3],
      ["shop/b", 1],
    ]);
    expect(edges).to.deep.equal([{ from: "shop/a", to: "shop/b" }]);
  });

  it("counts the provider among what a component needs", () => {
    const { edges } = topologyOf([
      part("shop"),
      part("shop/a"),
      { ...vpc("shop/a/1"), provider: "shop/cluster/provider" },
      part("shop/cluster"),
      resource("shop/cluster/provider", "pulumi:providers:kubernetes", {}),
    ]);
    expect(edges).to.deep.equal([{ from: "shop/a", to: "shop/cluster" }]);
  });

  it("draws inner components as a part of theirs where there are many", () => {
    const many = Array.from({ length: 41 }, (_, at) => [part(`shop/a/${at}`), vpc(`shop/a/${at}/vpc`)]).flat();
    const { boxes } = topologyOf([part("shop"), part("shop/a"), ...many]);
    expect(boxes.map(({ path, resources }) => [path, resources.length])).to.deep.equal([["shop/a", 41]]);
  });
});
