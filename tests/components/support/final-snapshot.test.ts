import { expect } from "chai";
import { Component } from "../../../components/support/component";
import { finalSnapshotName } from "../../../components/support/final-snapshot";
import { recorded } from "../../support/record";

class Store extends Component {
  readonly snapshot = finalSnapshotName(this);
}

describe("finalSnapshotName", () => {
  it("names project, stack and store, and ends with a suffix", async () => {
    const run = await recorded(() => ({ name: new Store("test:Store", "postgres").snapshot }));
    expect(run.paths).to.include("postgres/final-snapshot");
    expect(run.outputs.name).to.match(/^tierstack-test-postgres-final-[0-9a-f]{8}$/);
  });
});
