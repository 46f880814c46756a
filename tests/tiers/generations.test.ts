import { expect } from "chai";
import { tiers } from "../../tiers";
import { generationOf, leftBy, nameIn } from "../../tiers/generations";

const { postgres } = tiers.growth;

describe("generations of the managed database", () => {
  it("begin with 1, whose names have no number", () => {
    expect([{}, { generation: 1 }, { generation: 12 }].map(generationOf)).to.deep.equal([1, 1, 12]);
    expect([{}, { generation: 1 }, { generation: 12 }].map((one) => nameIn(one, "replica-0"))).to.deep.equal([
      "replica-0",
      "replica-0",
      "replica-0-g12",
    ]);
  });

  it("say what a handover leaves: the previous one, or else the store of the other place", () => {
    const previous = { ...postgres.managed, instanceClass: "db.t4g.small" };
    expect(leftBy({ ...postgres, previous })).to.deep.equal({ ...postgres, managed: previous });
    expect(leftBy(postgres)).to.deep.equal({ ...postgres, place: "cluster" });
    expect(leftBy({ ...postgres, place: "cluster" }).place).to.equal("managed");
  });
});
