import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { isDataType } from "../../policy/rules/data";
import type { Held } from "../support/account";
import { Engine } from "./engine";
import { Stack } from "./stack";
import { nameOf } from "./wire";

const names = (held: readonly Held[]) => held.map(({ key }) => nameOf(key)).sort();

/** The bucket of dumps with its settings stays for good. */
const dumps = ["bucket", "encryption", "lifecycle", "ownership", "policy", "privacy", "versioning"].map(
  (child) => `postgres-dumps-${child}`,
);

/** What destroy leaves in the account of each tier. Keys outlive what they encrypt. */
const left: Record<string, string[]> = {
  mvp: dumps,
  startup: dumps,
  growth: ["cluster-secrets-key", ...dumps],
  scale: ["cluster-secrets-key", "postgres-backup-key", ...dumps].sort(),
};

/** Final snapshots of each tier's managed stores. */
const finals = (tier: string) =>
  tier === "mvp"
    ? []
    : [new RegExp(`^tierstack-${tier}-postgres-final-[0-9a-f]{8}$`), new RegExp(`^tierstack-${tier}-redis-final-`)];

describe("destroy with the real engine and an account that refuses what AWS refuses", () => {
  let engine: Engine;

  before(async function () {
    engine = await Engine.start(this, { clusters: false });
  });
  after(() => engine?.stop());

  const deployed = async (name: string) => {
    const stack = new Stack(engine, name);
    await stack.init();
    await stack.up();
    return stack;
  };

  const expectSnapshots = ({ account, name }: Stack, lives = 1) => {
    for (const pattern of finals(name))
      expect(
        account.snapshots.filter((snapshot) => pattern.test(snapshot)),
        String(pattern),
      ).to.have.length(lives);
    expect(account.snapshots).to.have.length(finals(name).length * lives);
  };

  for (const tier of Object.keys(left))
    it(`${tier}: is refused while data is protected, and ends once allowDestroy is deployed`, async () => {
      const stack = await deployed(tier);
      const before = names(stack.account.held);
      expect((await stack.run("destroy", "--yes")).code).to.not.equal(0);
      expect(engine.standIn.done).to.deep.equal([]);
      stack.set("allowDestroy", "true");
      // Not before the setting is deployed: the engine reads the protection from its state.
      expect((await stack.run("destroy", "--yes")).code).to.not.equal(0);
      expect(names(stack.account.held)).to.deep.equal(before);
      await stack.up();
      await stack.destroy();
      expect(names(stack.account.held)).to.deep.equal(left[tier]);
      expectSnapshots(stack);
    });

  it("growth: deletes metrics and logs, whose volumes nobody would delete once the cluster has gone", async () => {
    cpSync(join(engine.folder, "Pulumi.growth.yaml"), join(engine.folder, "Pulumi.watched.yaml"));
    const stack = new Stack(engine, "watched");
    stack.set("observability", "{ enabled: true, logsGiB: 4 }");
    stack.set("allowDestroy", "true");
    await stack.init();
    await stack.up();
    const deleted = (await stack.destroy()).map(({ urn }) => nameOf(urn));
    const sequences = [
      ["observability-deployment", "observability-metrics", "namespaces-observability", "cluster-cluster"],
      ["observability-logs-store-deployment", "observability-logs-store-logs", "namespaces-observability"],
    ];
    for (const sequence of sequences) expect(deleted.filter((name) => sequence.includes(name))).to.deep.equal(sequence);
  });

  it("ends a second time: the final snapshots of the first stack stay", async () => {
    const stack = new Stack(engine, "startup");
    await stack.up();
    await stack.destroy();
    expectSnapshots(stack, 2);
  });

  it("without the sequence stops at what AWS refuses, and loses nothing", async () => {
    cpSync(join(engine.folder, "Pulumi.startup.yaml"), join(engine.folder, "Pulumi.stuck.yaml"));
    const stack = new Stack(engine, "stuck");
    stack.set("allowDestroy", "false");
    await stack.init();
    await stack.up();
    const data = () => names(stack.account.held.filter(({ type }) => isDataType(type)));
    const before = data();
    await engine.succeed("state", "unprotect", "--all", "--stack", "stuck", "--yes");
    const { code, output } = await stack.run("destroy", "--yes");
    expect(code).to.not.equal(0);
    expect(output).to.match(
      /InvalidDB(Subnet|Parameter)Group|Cache(SubnetGroupInUse|ParameterGroup)|DependencyViolation/,
    );
    expect(data()).to.deep.equal(before);
    expect(stack.account.snapshots).to.deep.equal([]);
  });
});
