import { expect } from "chai";
import fc from "fast-check";
import { Component } from "../../../components/support/component";
import { joinedName, uniqueName } from "../../../components/support/unique-name";
import { recorded } from "../../support/record";

class Store extends Component {
  readonly physical = uniqueName(this, { child: "primary", suffix: "primary-identifier", maxLength: 63 });
}

const nameOf = async (name: string, stack = "test") => {
  const run = await recorded(() => ({ name: new Store("test:Store", name).physical }), { stack });
  return { run, name: String(run.outputs.name) };
};

describe("joinedName", () => {
  it("joins its parts", () => {
    expect(joinedName("tierstack", "growth", "postgres-final")).to.equal("tierstack-growth-postgres-final");
  });

  it("is one that RDS takes, whatever the parts", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string(), (project, stack) => {
        expect(joinedName("p", project, stack, "final")).to.match(/^[a-z](?!.*--)[a-z0-9-]*[a-z0-9]$/);
      }),
    );
  });
});

describe("uniqueName", () => {
  it("names project, stack and child, and ends with a suffix that every new one draws", async () => {
    const { run, name } = await nameOf("postgres");
    expect(run.inputs("postgres/primary-identifier")).to.deep.equal({ byteLength: 4 });
    expect(run.at("postgres/primary-identifier").type).to.equal("random:index/randomId:RandomId");
    expect(name).to.match(/^tierstack-test-postgres-primary-[0-9a-f]{8}$/);
  });

  it("keeps its suffix within the longest name, however long the parts are", async () => {
    const names = fc.stringMatching(/^[a-z][-a-z0-9]{0,80}$/);
    await fc.assert(
      fc.asyncProperty(names, names, async (component, stack) => {
        const { name } = await nameOf(component, stack);
        expect(name).to.match(/^(?=.{1,63}$)[a-z](?!.*--)[a-z0-9-]*-[0-9a-f]{8}$/);
      }),
      { numRuns: 20 },
    );
  });
});
