import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { isDataType } from "../../planner/moves";
import { planStack } from "../../planner/plan";
import { readProject, readStack, stackNames } from "../../planner/stacks";
import { type Operation, type StandIn, startStandIn } from "./provider";

const root = join(__dirname, "..", "..");
/** The CLI to test with: another than the package's, which fetches the real one on its first use. */
const cli = process.env.PULUMI_COMMAND ?? "pulumi";
const available = spawnSync(cli, ["version"]).status === 0;

const typeOf = ({ urn }: Operation) => urn.split("::")[2]?.split("$").pop() ?? "";

describe("the real engine", () => {
  let folder: string;
  let standIn: StandIn;
  let environment: NodeJS.ProcessEnv;

  before(async function () {
    if (!available) {
      process.stdout.write("      no Pulumi CLI on this machine, and none could be fetched: not run\n");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "tierstack-engine-"));
    for (const name of readdirSync(root).filter((file) => !["node_modules", ".git", "out"].includes(file)))
      cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    // Planning loads the SDK's classes, from which the stand-in knows what outputs there are.
    const project = readProject(root);
    for (const stack of stackNames(project))
      await planStack(project, readStack(project, stack), require("../../index"));
    standIn = await startStandIn();
    const state = mkdtempSync(join(tmpdir(), "tierstack-engine-state-"));
    environment = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_HOME: join(state, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DEBUG_PROVIDERS: standIn.attach,
    };
  });

  after(() => {
    standIn?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the CLI; not synchronously, for the stand-in answers it from this process. */
  const pulumi = (...args: string[]): Promise<{ code: number; output: string }> =>
    new Promise((resolve, reject) => {
      const child = spawn(cli, [...args, "--non-interactive"], { cwd: folder, env: environment });
      let output = "";
      child.stdout.on("data", (data) => {
        output += data;
      });
      child.stderr.on("data", (data) => {
        output += data;
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? 1, output }));
    });

  const setTier = (stack: string, tier: string) => {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    writeFileSync(file, readFileSync(file, "utf8").replace(/tierstack:tier: \w+/, `tierstack:tier: ${tier}`));
  };

  const up = async (stack: string): Promise<Operation[]> => {
    standIn.done.length = 0;
    const { code, output } = await pulumi("up", "--stack", stack, "--yes", "--skip-preview");
    expect(code, output.slice(-3000)).to.equal(0);
    return [...standIn.done];
  };

  for (const stack of ["local", "mvp", "startup", "growth", "scale"]) {
    it(`${stack}: preview, up, and nothing to do after`, async () => {
      expect((await pulumi("stack", "init", stack)).code).to.equal(0);
      const preview = await pulumi("preview", "--stack", stack);
      expect(preview.code, preview.output.slice(-3000)).to.equal(0);
      expect((await up(stack)).length).to.be.greaterThan(60);
      expect(await up(stack)).to.deep.equal([]);
    });
  }

  it("moves mvp -> startup -> growth -> scale -> growth -> startup without touching what holds data", async () => {
    cpSync(join(root, "Pulumi.mvp.yaml"), join(folder, "Pulumi.prod.yaml"));
    expect((await pulumi("stack", "init", "prod")).code).to.equal(0);
    await up("prod");
    for (const tier of ["startup", "growth", "scale", "growth", "startup"]) {
      setTier("prod", tier);
      const done = await up("prod");
      const gone = done.filter((operation) => operation.action === "delete" && isDataType(typeOf(operation)));
      expect(gone, tier).to.deep.equal([]);
      const made = done.filter((operation) => operation.action === "create").map(({ urn }) => urn);
      // Nothing is made anew that is still there: that would be a replacement.
      const replaced = done.filter(({ action, urn }) => action === "delete" && made.includes(urn)).map(typeOf);
      expect(replaced.filter(isDataType), tier).to.deep.equal([]);
      if (tier !== "growth") continue;
      const at = (action: string, type: string) =>
        done.findIndex((operation) => operation.action === action && typeOf(operation) === type);
      const edge = at("update", "aws:cloudfront/distribution:Distribution");
      const node = at("delete", "aws:autoscaling/group:Group");
      if (node >= 0) expect(edge, "the edge moves before the node goes").to.be.within(0, node - 1);
    }
  });

  it("refuses startup -> mvp in its preview, and goes through once the managed stores are kept", async () => {
    setTier("prod", "mvp");
    standIn.done.length = 0;
    const refused = await pulumi("up", "--stack", "prod", "--yes");
    expect(refused.code).to.not.equal(0);
    expect(refused.output).to.contain("cannot be deleted").and.to.contain("protected");
    expect(standIn.done).to.deep.equal([]);
    const file = join(folder, "Pulumi.prod.yaml");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace("config:", "config:\n  tierstack:keep: {managedStores: true}"),
    );
    const done = await up("prod");
    expect(done.filter((operation) => operation.action === "delete" && isDataType(typeOf(operation)))).to.deep.equal(
      [],
    );
  });

  it("refuses to destroy while protections stand, and leaves what holds data when they are lifted", async () => {
    standIn.done.length = 0;
    const refused = await pulumi("destroy", "--stack", "prod", "--yes");
    expect(refused.code).to.not.equal(0);
    expect(standIn.done).to.deep.equal([]);
    expect((await pulumi("state", "unprotect", "--all", "--stack", "prod", "--yes")).code).to.equal(0);
    const destroyed = await pulumi("destroy", "--stack", "prod", "--yes");
    expect(destroyed.code, destroyed.output.slice(-3000)).to.equal(0);
    expect(standIn.done.filter((operation) => isDataType(typeOf(operation)))).to.deep.equal([]);
  });
});
