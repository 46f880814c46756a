/**
 * What planner/record/sdk takes for granted of Node and of the Pulumi SDK, an assumption a test. The other
 * files of this folder have those about values on the wire and about the providers' SDKs. Run them first after an
 * upgrade; docs/adr/0007-sdk-internals.md says how.
 *
 * Modules that reach into the SDK are loaded inside the tests: where one cannot be loaded any more, a test says so.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import type { Input } from "@pulumi/pulumi";
import { expect } from "chai";
import { onLoad } from "../../../../planner/record/sdk/module-loader";
import { holds, Listener, listen, type Pulumi, resource, root } from "./support";

describe("what planner/record/sdk relies on", () => {
  describe("Node's loader", () => {
    const look = "Module in lib/internal/modules/cjs/loader.js of Node's sources";
    const here = createRequire(__filename);

    holds(
      "require asks Module._load, with the request as written and the file that asks",
      "node",
      {
        says: "no longer loads CommonJS modules through Module._load(request, parent)",
        relies: "planner/record/sdk/module-loader.ts hooks into it",
        look,
      },
      () => {
        onLoad({ matches: (request, from) => request === "asked" && from === __filename, load: () => "ours" });
        expect(here("asked")).to.equal("ours");
      },
    );

    holds(
      "Module._resolveFilename tells the file behind a request",
      "node",
      {
        says: "no longer answers Module._resolveFilename(request, parent) with the file",
        relies: "planner/record/sdk/module-loader.ts asks it where an SDK's class is defined",
        look,
      },
      () => {
        onLoad({ matches: (request) => request === "../sdk/monitor.test", load: (_, file) => file() });
        expect(here("../sdk/monitor.test")).to.equal(__filename);
      },
    );
  });

  describe("the SDK's loading", () => {
    holds(
      "what late-loading.ts keeps back is what the SDK would load, and a plan goes without it",
      "@pulumi/pulumi",
      {
        says: "loads the TypeScript compiler or the npm tree reader by other requests, or not at all",
        relies: "planner/record/sdk/late-loading.ts keeps them back by these requests, or plans get twice as slow",
        look: "require(...) in node_modules/@pulumi/pulumi/runtime/closure/*.js",
      },
      () => {
        const loaded = (before: string) => {
          const script = `${before} require("@pulumi/pulumi");
            const heavy = ["typescript", "@npmcli/arborist"].filter((name) =>
              Object.keys(require.cache).some((file) => file.includes(\`/node_modules/\${name}/\`)));
            process.stdout.write(heavy.join(" "));`;
          const args = ["--import", "tsx", "--input-type=commonjs", "--eval", script];
          const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
          if (status !== 0) throw new Error(stderr);
          return stdout;
        };
        expect(loaded(""), "without late-loading.ts").to.equal("typescript @npmcli/arborist");
        expect(loaded('require("./planner/record/sdk/late-loading.ts");'), "with late-loading.ts").to.equal("");
      },
    );
  });

  describe("the monitor", () => {
    const relies = (what: string) => `planner/record/sdk/monitor.ts ${what}`;
    const settings = "node_modules/@pulumi/pulumi/runtime/settings.js";
    const registration = "registerResource in node_modules/@pulumi/pulumi/runtime/resource.js";
    const sdk = () => require("@pulumi/pulumi") as Pulumi;

    holds(
      "runtime.getMonitor() is the mock monitor, with the methods we replace",
      "@pulumi/pulumi",
      {
        says: "no longer exports runtime.getMonitor() with registerResource and registerResourceOutputs",
        relies: relies("replaces these two methods on it"),
        look: `getMonitor in ${settings}, MockMonitor in node_modules/@pulumi/pulumi/runtime/mocks.js`,
      },
      async () => {
        await sdk().runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
        const monitor = (sdk().runtime as unknown as { getMonitor(): object }).getMonitor();
        expect(monitor).to.respondTo("registerResource");
        expect(monitor).to.respondTo("registerResourceOutputs");
      },
    );

    holds(
      "runtime.waitForRPCs() is exported",
      "@pulumi/pulumi",
      {
        says: "no longer exports runtime.waitForRPCs()",
        relies: relies("ends a recording with it"),
        look: `waitForRPCs in ${settings}`,
      },
      () => expect(sdk().runtime).to.respondTo("waitForRPCs"),
    );

    holds(
      "leakedPromises() hands over the promises that wait, and forgets them",
      "@pulumi/pulumi",
      {
        says: "no longer exports leakedPromises() of runtime/debuggable, or it does not forget what it tells",
        relies: relies("calls it after a run, or an abandoned program is reported at the end of the process"),
        look: "node_modules/@pulumi/pulumi/runtime/debuggable.js",
      },
      () => {
        const { leakedPromises, debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
        leakedPromises();
        void debuggablePromise(new Promise(() => {}), "never");
        expect([leakedPromises()[0].size, leakedPromises()[0].size]).to.deep.equal([1, 0]);
      },
    );

    holds(
      "a registration goes to the replaced method, with every option",
      "@pulumi/pulumi",
      {
        says: "no longer registers a resource with a RegisterResourceRequest of these getters",
        relies: relies("reads them (registrationOf)"),
        look: `${registration}, and node_modules/@pulumi/pulumi/proto/resource_pb.js`,
      },
      async () => {
        const told = await listen((pulumi) => {
          const parent = new pulumi.ComponentResource("test:index:Box", "box");
          const other = resource(pulumi, "other", {});
          const options = {
            protect: true,
            retainOnDelete: true,
            ignoreChanges: ["tags"],
            replaceOnChanges: ["a"],
            deleteBeforeReplace: true,
          };
          const aliases = [
            { name: "former" },
            { type: "test:index:Old", parent: other },
            { parent: pulumi.rootStackResource },
            "urn:pulumi:s::p::test:index:Thing::given",
          ];
          const secret = { additionalSecretOutputs: ["password"] };
          resource(
            pulumi,
            "thing",
            { size: 1, of: other.urn },
            { parent, dependsOn: other, aliases, ...options, ...secret },
          );
        });
        expect(told.at("thing")).to.deep.equal({
          type: "test:index:Thing",
          name: "thing",
          custom: true,
          parent: "urn:pulumi:s::p::test:index:Box::box",
          provider: "",
          dependsOn: ["urn:pulumi:s::p::test:index:Thing::other"],
          propertyDependencies: { of: ["urn:pulumi:s::p::test:index:Thing::other"] },
          inputs: { size: 1, of: "urn:pulumi:s::p::test:index:Thing::other" },
          options: {
            protect: true,
            retainOnDelete: true,
            ignoreChanges: ["tags"],
            replaceOnChanges: ["a"],
            deleteBeforeReplace: true,
            aliases: [
              "urn:pulumi:s::p::test:index:Box$test:index:Thing::former",
              "urn:pulumi:s::p::test:index:Thing$test:index:Old::thing",
              "urn:pulumi:s::p::test:index:Thing::thing",
              "urn:pulumi:s::p::test:index:Thing::given",
            ],
          },
          secretOutputs: ["password"],
        });
        expect(told.at("box").custom).to.equal(false);
      },
    );

    holds(
      "a provider is named by its URN and its id",
      "@pulumi/pulumi",
      {
        says: "no longer names a resource's provider as URN::id",
        relies: relies("cuts the id off (registrationOf)"),
        look: "ProviderResource.register in node_modules/@pulumi/pulumi/resource.js",
      },
      async () => {
        const told = await listen((pulumi) => {
          class Provider extends pulumi.ProviderResource {}
          const provider = new Provider("test", "mine", {});
          resource(pulumi, "thing", {}, { provider });
        });
        expect(told.at("thing").provider).to.equal("urn:pulumi:s::p::pulumi:providers:test::mine");
      },
    );

    holds(
      "a component waits for the providers that it hands on",
      "@pulumi/pulumi",
      {
        says: "no longer tells the providers of a component in a map of the registration",
        relies: relies("takes them for what the component waits for (registrationOf)"),
        look: "setProviders in node_modules/@pulumi/pulumi/runtime/resource.js",
      },
      async () => {
        const told = await listen((pulumi) => {
          class Provider extends pulumi.ProviderResource {}
          const provider = new Provider("test", "mine", {});
          new pulumi.ComponentResource("test:index:Component", "all", {}, { providers: [provider] });
        });
        expect(told.at("all").dependsOn).to.deep.equal(["urn:pulumi:s::p::pulumi:providers:test::mine"]);
      },
    );

    holds(
      "the answer we give has all that the SDK asks of it",
      "@pulumi/pulumi",
      {
        says: "asks more of the answer to a registration than we give, or reads it otherwise",
        relies: relies("answers with a part of RegisterResourceResponse (answerOf)"),
        look: registration,
      },
      async () => {
        let seen: unknown;
        await listen(
          (pulumi) => {
            const { urn, id, result } = resource(pulumi, "thing", { result: undefined });
            pulumi.all([urn, id, result]).apply((values) => {
              seen = values;
            });
          },
          new Listener({ result: "by the engine" }),
        );
        expect(seen).to.deep.equal(["urn:pulumi:s::p::test:index:Thing::thing", "id-of-thing", "by the engine"]);
      },
    );

    holds(
      "the outputs of the stack are registered",
      "@pulumi/pulumi",
      {
        says: "no longer calls registerResourceOutputs with getUrn() and getOutputs() for what the program returns",
        relies: relies("takes the stack's outputs from it"),
        look: "registerResourceOutputs in node_modules/@pulumi/pulumi/runtime/resource.js, and runtime/stack.js",
      },
      async () => {
        const told = await listen(() => ({ url: "https://example.com" }));
        expect([...told.outputs.values()]).to.deep.equal([{ url: "https://example.com" }]);
      },
    );

    holds(
      "runtime.waitForRPCs() waits for what is on its way",
      "@pulumi/pulumi",
      {
        says: "no longer waits in runtime.waitForRPCs() for the last registration",
        relies: relies("ends a recording with it; without it a plan lacks its last resources"),
        look: `waitForRPCs in ${settings}`,
      },
      async () => {
        const told = await listen((pulumi) => {
          // Each is registered only some time after the one before has been answered.
          let size: Input<number> = 0;
          for (let at = 0; at < 20; at++) {
            const { id } = resource(pulumi, `thing-${at}`, { size });
            size = id.apply(() => new Promise<number>((resolve) => setTimeout(() => resolve(at), 1)));
          }
        });
        expect(told.registered.length).to.equal(21);
      },
    );

    holds(
      "a look-up goes to the mocks, with its arguments",
      "@pulumi/pulumi",
      {
        says: "no longer hands a look-up's token and arguments to the mocks' call()",
        relies: relies("answers look-ups there"),
        look: "MockMonitor.invoke in node_modules/@pulumi/pulumi/runtime/mocks.js",
      },
      async () => {
        let id: unknown;
        const told = await listen((pulumi) => {
          const answer = pulumi.runtime.invokeOutput<{ id: string }>("test:index:get", { name: "a", none: undefined });
          answer.apply((result) => {
            id = result.id;
          });
        });
        expect(told.lookedUp).to.deep.equal([["test:index:get", { name: "a" }]]);
        expect(id).to.equal("looked-up");
      },
    );
  });
});
