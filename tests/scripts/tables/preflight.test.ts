import { expect } from "chai";
import { checks } from "../../../planner/preflight/preflight";
import { preflightTable } from "../../../scripts/tables/preflight";

describe("table of the pre-flight", () => {
  const [head, , ...rows] = preflightTable().split("\n");

  it("shows every check, what makes it fail and whether it needs credentials", () => {
    expect(head).to.equal("| check | fails if | needs AWS credentials |");
    expect(rows.map((row) => row.split(" | ")[0])).to.deep.equal(checks.map(({ name }) => `| ${name}`));
    expect(rows).to.include(
      "| quotas | a quota is too small for the stack or the move: On-Demand vCPUs (standard families), Spot vCPUs " +
        "(standard families), Elastic IP addresses, VPCs | yes |",
    );
    expect(rows).to.include(
      "| certificate authorities (CAA) | the domain does not exist, or its CAA records forbid a certificate that the " +
        "stack needs | no |",
    );
  });
});
