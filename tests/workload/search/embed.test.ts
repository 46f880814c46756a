import { expect } from "chai";
import { dimensions, embed, literal } from "../../../workload/search/embed";

const similarity = (a: string, b: string) => {
  const [left, right] = [embed(a), embed(b)];
  return left.reduce((sum, value, at) => sum + value * (right[at] as number), 0);
};

describe("embedding of a text", () => {
  it("has length 1 and the migration's number of dimensions", () => {
    const vector = embed("a red car");
    expect(vector).to.have.length(dimensions);
    expect(Math.hypot(...vector)).to.be.closeTo(1, 1e-9);
    expect(embed("")).to.deep.equal(new Array(dimensions).fill(0));
  });

  it("is near that of a text with the same words, in any case and order", () => {
    expect(similarity("red sports car", "Car, RED sports")).to.be.closeTo(1, 1e-9);
    expect(similarity("red sports car", "red sport cars")).to.be.above(similarity("red sports car", "used bicycle"));
  });

  it("is written as pgvector reads it", () => {
    expect(literal([0.5, -1, 0])).to.equal("[0.500000,-1.000000,0.000000]");
  });
});
