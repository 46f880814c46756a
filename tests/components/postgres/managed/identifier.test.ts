import { expect } from "chai";
import { instanceIdentifier } from "../../../../components/postgres/managed/identifier";
import { Component } from "../../../../components/support/component";
import { recorded } from "../../../support/record";

class Store extends Component {
  readonly identifier = instanceIdentifier(this, "primary");
}

describe("instanceIdentifier", () => {
  it("names project, stack and instance, in 63 characters", async () => {
    for (const [stack, pattern] of [
      ["test", /^tierstack-test-postgres-primary-[0-9a-f]{8}$/],
      ["s".repeat(90), /^tierstack-s{44}-[0-9a-f]{8}$/],
    ] as const) {
      const run = await recorded(() => ({ identifier: new Store("test:Store", "postgres").identifier }), { stack });
      expect(run.outputs.identifier).to.match(pattern).and.to.have.length.at.most(63);
    }
  });
});
