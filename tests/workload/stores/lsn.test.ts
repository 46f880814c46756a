import { expect } from "chai";
import { sortable } from "../../../workload/stores/lsn";

describe("LSNs", () => {
  it("sort as texts", () => {
    const positions = ["0/A", "0/FFFFFFFF", "1/0", "1/10", "A/0", "10/0", "FFFFFFFF/FFFFFFFF"];
    const texts = positions.map(sortable);
    expect(texts[2]).to.equal("0000000100000000");
    expect([...texts].sort()).to.deep.equal(texts);
  });
});
