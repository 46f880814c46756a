import { join } from "node:path";
import { expect } from "chai";
import { type Planned, planStack } from "../../planner/plan";
import { guardSdk } from "../../planner/record/sdk/classes";
import { readStack } from "../../planner/stacks";

const root = join(__dirname, "..", "..");
const project = { folder: root, name: "tierstack", main: "index.ts", defaults: {} };

/** Plans a stack file of a folder as a stack. */
async function planOf(folder: string, stack: string): Promise<Planned["plan"]> {
  guardSdk();
  return (
    await planStack(project, readStack({ ...project, folder: join(root, folder) }, stack), require("../../index"))
  ).plan;
}

describe("the stack in the second region", () => {
  it("plans as the stack whose place it takes, in the region of the copied backups and under its own name", async () => {
    const [dr, scale] = [await planOf("docs/examples", "dr"), await planOf(".", "scale")];
    const typesOf = ({ resources }: Planned["plan"]) => resources.map(({ type }) => type);
    // CloudFront's certificate and alarms are in us-east-1 for every stack, which adds some of a type, and no type.
    expect(new Set(typesOf(dr))).to.deep.equal(new Set(typesOf(scale)));
    const stores = (plan: Planned["plan"]) =>
      typesOf(plan)
        .filter((type) => /^aws:(rds|elasticache|eks)/.test(type))
        .sort();
    expect(stores(dr)).to.deep.equal(stores(scale));
    const copies = scale.resources.find(({ type }) => type.includes("instanceAutomatedBackupsReplication"));
    expect(copies?.inputs.region).to.equal("us-west-2");
    const providers = dr.resources.filter(({ type }) => type === "pulumi:providers:aws");
    expect(providers.map(({ inputs }) => inputs.region)).to.deep.equal(["us-west-2"]);
    const text = JSON.stringify(dr.resources.map(({ inputs }) => inputs));
    expect(text).to.contain("dr.example.com");
    expect(text).not.to.contain("app.example.com");
  });
});
