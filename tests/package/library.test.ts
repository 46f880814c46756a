import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import sources from "../../policy/package.json";
import { fixture, packed, root, run, succeed } from "./support";

const test = (folder: string, file: string) => run(folder, "npx", "--no-install", "tsx", "--test", file);

describe("the packed library", () => {
  it("creates stores on an existing VPC and cluster, type-checked against its declarations", () => {
    const folder = fixture("library");
    succeed(folder, "npx", "--no-install", "tsc", "--noEmit");
    const { code, stdout } = test(folder, "stores.test.ts");
    expect(code, stdout).to.equal(0);
    expect(stdout).to.match(/^# pass 2$/m);
    // The declarations are strict: an unknown argument is an error.
    const file = join(folder, "stores.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace("clientNamespaces:", "clientNamespace:"));
    const wrong = run(folder, "npx", "--no-install", "tsc", "--noEmit");
    expect(wrong.code).to.not.equal(0);
    expect(wrong.stdout).to.contain("clientNamespace");
  });
});

describe("the packed tests' tools", () => {
  it("test a component of the user's own, and find what is wrong with it", () => {
    const folder = fixture("component");
    const { code, stdout } = test(folder, "uploads.test.ts");
    expect(code, stdout).to.equal(0);
    expect(stdout).to.match(/^# pass 2$/m);
    const file = join(folder, "uploads.ts");
    const sound = readFileSync(file, "utf8");
    const faults: [what: string, from: string, to: string, answer: RegExp][] = [
      ["a wrong value", "days: args.expireDays", "days: 1", /Expected values to be strictly equal/],
      [
        "a property that the SDK does not know",
        "messageRetentionSeconds: 86400,",
        "messageRetentionSeconds: 86400, ...({ retention: 1 } as object),",
        /the SDK does not know the property retention/,
      ],
      [
        "two resources of one type and name",
        "new aws.sqs.Queue(",
        "new aws.s3.Bucket(`${name}-bucket`, {}, { parent: this });\n    new aws.sqs.Queue(",
        /two resources have the URN .*::uploads-bucket/,
      ],
      [
        "a resource inside apply",
        "this.bucket = bucket.bucket;",
        "this.bucket = bucket.bucket;\n    bucket.id.apply((id) => new aws.sqs.Queue(`${id}-late`));",
        /created inside apply/,
      ],
    ];
    for (const [what, from, to, answer] of faults) {
      expect(sound, what).to.contain(from);
      writeFileSync(file, sound.replace(from, to));
      const failed = test(folder, "uploads.test.ts");
      expect(failed.code, what).to.equal(1);
      expect(failed.stdout, what).to.match(answer);
    }
  });
});

describe("the packed policy pack", () => {
  it("is JavaScript that Pulumi can run, once @pulumi/policy is installed", () => {
    const folder = join(packed().project, "node_modules", "tierstack", "dist", "policy");
    expect(parse(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8")).runtime.options).to.deep.equal({
      typescript: false,
    });
    const { main, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    expect([main, version]).to.deep.equal(["pack.js", sources.version]);
    const started = (env: NodeJS.ProcessEnv) =>
      spawnSync("node", [main], { cwd: folder, encoding: "utf8", timeout: 20_000, env: { ...process.env, ...env } });
    expect(started({}).stderr).to.contain("Cannot find module '@pulumi/policy'");
    // It tells the engine its port, and serves until the engine ends it.
    expect(started({ NODE_PATH: join(root, "node_modules") }).stdout).to.match(/^\d+\n/);
  });
});
