import { expect } from "chai";
import fc from "fast-check";
import { instanceIdentifier } from "../../../../components/postgres/managed/identifier";
import { Component } from "../../../../components/support/component";
import { recorded } from "../../../support/record";

class Store extends Component {
  readonly identifier = instanceIdentifier(this, "primary");
}

const identifierOf = async (name: string, stack = "test") => {
  const run = await recorded(() => ({ identifier: new Store("test:Store", name).identifier }), { stack });
  return String(run.outputs.identifier);
};

describe("instanceIdentifier", () => {
  it("names project, stack and instance, and ends with a suffix that every new instance draws", async () => {
    expect(await identifierOf("postgres")).to.match(/^tierstack-test-postgres-primary-[0-9a-f]{8}$/);
  });

  it("is one that RDS takes, with its suffix, however long the names are", async () => {
    const names = fc.stringMatching(/^[a-z][-a-z0-9]{0,80}$/);
    await fc.assert(
      fc.asyncProperty(names, names, async (name, stack) => {
        expect(await identifierOf(name, stack)).to.match(/^(?=.{1,63}$)[a-z](?!.*--)[a-z0-9-]*-[0-9a-f]{8}$/);
      }),
      { numRuns: 20 },
    );
  });
});
