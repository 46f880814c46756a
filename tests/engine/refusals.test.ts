import { expect } from "chai";
import { stringify } from "yaml";
import { Engine } from "./engine";
import { Stack } from "./stack";

/** A program of three Deployments. Mocks and the engine accept all of them; an API server accepts one. */
const program = `
  const k8s = require("@pulumi/kubernetes");
  const provider = new k8s.Provider("provider", { kubeconfig: "of a cluster" });
  const deployment = (name, fields) =>
    new k8s.apps.v1.Deployment(name, {
      metadata: { name, namespace: "default" },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: "main", image: "image:1", ...fields }] },
        },
      },
    }, { provider });
  deployment("sound", {});
  deployment("misspelt", { imagePullPolice: "Always" });
  deployment("outside", { ports: [{ containerPort: 99999 }] });`;

const files = {
  "Pulumi.yaml": stringify({
    name: "small",
    main: "index.js",
    runtime: { name: "nodejs", options: { typescript: false } },
  }),
  "package.json": "{}",
  "index.js": program,
};

describe("objects that an API server rejects, with the real engine", () => {
  let engine: Engine;

  before(async function () {
    engine = await Engine.start(this, { files });
  });
  after(() => engine?.stop());

  it("fails the update with the server's message, and creates the other objects", async function () {
    if (!engine.clusters) this.skip();
    const stack = new Stack(engine, "small");
    await stack.init();
    const { code, output } = await stack.run("up", "--yes", "--skip-preview", "--continue-on-error");
    expect(code).to.not.equal(0);
    expect(output).to.contain(
      '.spec.template.spec.containers[name="main"].imagePullPolice: field not declared in schema',
    );
    expect(output).to.contain(
      'Deployment.apps "outside" is invalid: spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 99999',
    );
    expect((await stack.held()).map(Object.keys)).to.deep.equal([["Deployment/default/sound"]]);
    expect(engine.standIn.done.map(({ action, urn }) => `${action} ${urn.split("::").pop()}`)).to.deep.equal([
      "create sound",
    ]);
  });
});
