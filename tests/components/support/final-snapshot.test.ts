import { expect } from "chai";
import fc from "fast-check";
import { Component } from "../../../components/support/component";
import { finalSnapshotName, snapshotIdentifier } from "../../../components/support/final-snapshot";
import { recorded } from "../../support/record";

class Store extends Component {
  readonly snapshot = finalSnapshotName(this);
}

describe("snapshotIdentifier", () => {
  it("joins its parts", () => {
    expect(snapshotIdentifier("tierstack", "growth", "postgres-final")).to.equal("tierstack-growth-postgres-final");
  });

  it("is one that RDS takes, whatever the parts", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string(), (project, stack) => {
        const name = snapshotIdentifier("p", project, stack, "final");
        expect(name).to.match(/^[a-z](?!.*--)[a-z0-9-]*[a-z0-9]$/);
        expect(name.length).to.be.at.most(255);
      }),
    );
  });
});

describe("finalSnapshotName", () => {
  it("names project, stack and store, and ends with a suffix that every new store draws", async () => {
    const run = await recorded(() => ({ name: new Store("test:Store", "postgres").snapshot }));
    expect(run.inputs("postgres/final-snapshot")).to.deep.equal({ byteLength: 4 });
    expect(run.at("postgres/final-snapshot").type).to.equal("random:index/randomId:RandomId");
    expect(run.outputs.name).to.match(/^tierstack-test-postgres-final-[0-9a-f]{8}$/);
  });

  it("keeps the suffix of a long name", async () => {
    const run = await recorded(() => ({ name: new Store("test:Store", "s".repeat(300)).snapshot }));
    expect(run.outputs.name)
      .to.match(/-[0-9a-f]{8}$/)
      .and.to.have.length(255);
  });
});
