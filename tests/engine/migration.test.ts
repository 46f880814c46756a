import { expect } from "chai";
import { Engine } from "./engine";
import type { Operation } from "./provider";
import { Stack } from "./stack";

const job = "migration-job";
const [secret, suffix] = ["app-environment-secret", "app-environment-secret-suffix"];
/** What runs the application's image. */
const rolledOut = ["app-deployment", "workers-pool-default"];
const nameOf = ({ urn }: Operation) => urn.split("::").pop() ?? "";

/** Releases of an application with a migration, with the real engine. */
describe("a migration, with the real engine", () => {
  let engine: Engine;
  let stack: Stack;

  const setSecret = (value: string) =>
    engine.edit("mvp", (text) => text.replace(/secrets: \{ API_KEY: .* \}/, `secrets: { API_KEY: ${value} }`));
  const failAt = (action: Operation["action"], failing: string) => {
    engine.standIn.before = async (operation) => {
      if (operation.action === action && nameOf(operation) === failing) throw new Error(`${failing} failed`);
    };
  };
  const release = (version: string) => stack.set("image", `ghcr.io/acme/shop:${version}`);
  const positions = (done: Operation[], action: Operation["action"], names: string[]) =>
    names.map((name) => done.findIndex((operation) => operation.action === action && nameOf(operation) === name));

  before(async function () {
    engine = await Engine.start(this, { clusters: false });
    stack = new Stack(engine, "mvp");
    await stack.init();
    engine.edit("mvp", (text) =>
      text.replace(
        /^ {2}tierstack:app:$/m,
        "$&\n    migrate: { command: [migrate], memoryMiB: 64 }\n    secrets: { API_KEY: first }",
      ),
    );
    stack.set("workers", "{ maxReplicas: 1 }");
    release("1.0.0");
  });

  after(() => engine?.stop());

  it("runs before the first rollout", async () => {
    const done = await stack.up();
    const [migrated = -1] = positions(done, "create", [job]);
    expect(migrated).to.be.at.least(0);
    for (const at of positions(done, "create", rolledOut)) expect(at).to.be.greaterThan(migrated);
  });

  it("stops the update if it fails: nothing that runs the image is touched", async () => {
    release("1.1.0");
    engine.standIn.before = async ({ action, urn }) => {
      if (action === "create" && urn.endsWith(`::${job}`)) throw new Error("the migration failed");
    };
    const { code, output } = await stack.run("up", "--yes", "--skip-preview");
    expect(code).to.not.equal(0);
    expect(output).to.contain("the migration failed");
    for (const name of [job, ...rolledOut]) expect(engine.standIn.done.map(nameOf)).to.not.include(name);
  });

  it("goes on with the next update that succeeds, and removes the old Job last", async () => {
    engine.standIn.before = async () => {};
    const done = await stack.up();
    const [created = -1] = positions(done, "create", [job]);
    const [removed = -1] = positions(done, "delete", [job]);
    expect(created).to.be.at.least(0);
    for (const at of positions(done, "update", rolledOut)) expect(at).to.be.within(created + 1, removed - 1);
  });

  for (const [action, failing] of [
    ["create", job],
    ["update", "app-deployment"],
  ] as const)
    it(`leaves the old version its secrets if ${failing} fails, and a revert too gets a new Secret`, async () => {
      setSecret("second");
      failAt(action, failing);
      const { code, output } = await stack.run("up", "--yes", "--skip-preview");
      engine.standIn.before = async () => {};
      expect(code).to.not.equal(0);
      expect(output).to.contain(`${failing} failed`);
      const touched = engine.standIn.done.filter((operation) => nameOf(operation) === secret);
      expect(
        touched.map((operation) => operation.action),
        "no update and no deletion",
      ).to.deep.equal(["create"]);
      setSecret("first");
      const done = await stack.up();
      // Not the name that the Secret of the old version had: that one is deleted at the end.
      const created = positions(done, "create", [suffix, secret, job]);
      expect(created).to.deep.equal([...created].sort((a, b) => a - b));
      const deletions = done.flatMap((operation, at) =>
        operation.action === "delete" && nameOf(operation) === secret ? [at] : [],
      );
      expect(deletions).to.have.length(2);
      for (const at of positions(done, "update", rolledOut))
        expect(at).to.be.within(Math.max(...created) + 1, Math.min(...deletions) - 1);
      expect(Math.min(...created)).to.be.at.least(0);
    });

  it("does not run again without a new image, command or environment", async () => {
    const names = (await stack.up()).map(nameOf);
    for (const name of [job, secret, ...rolledOut]) expect(names).to.not.include(name);
  });
});
