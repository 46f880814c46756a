import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SettingsError } from "../../config/problems";
import { readProject, readStack, stackNames } from "../../planner/stacks";
import { tierNames } from "../../tiers";

const projectFile = `
name: tierstack
runtime: nodejs
config:
  tierstack:tier: { type: string, default: mvp }
  tierstack:region: { type: string, default: eu-west-1 }
  tierstack:apiAccessCidrs: { type: array, items: { type: string }, default: [] }
`;

describe("stacks", () => {
  let folder: string;

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const problemsOf = (read: () => unknown): string[] => {
    try {
      read();
    } catch (error) {
      if (error instanceof SettingsError) return error.message.split("\n");
      throw error;
    }
    return [];
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-stacks-"));
    write("Pulumi.yaml", projectFile);
    write("Pulumi.growth.yaml", "config: { 'tierstack:tier': growth }");
    write("Pulumi.local.yaml", "config: { 'tierstack:tier': mvp, 'tierstack:cluster': existing }");
    write("Pulumi.acme.yaml", "");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("lists the stacks in the order of their tiers, whatever their names", () => {
    for (const [at, tier] of tierNames.entries())
      write(`Pulumi.${"zyxwvutsrq"[at]}.yaml`, `config: { 'tierstack:tier': ${tier} }`);
    const own = tierNames.map((_, at) => "zyxwvutsrq"[at]);
    expect(stackNames(readProject(folder)).filter((stack) => own.includes(stack))).to.deep.equal(own);
  });

  it("lists a stack on an existing cluster before the others of its tier, and those by name", () => {
    write("Pulumi.beta.yaml", "config: { 'tierstack:tier': mvp }");
    write("Pulumi.alpha.yaml", "config: { 'tierstack:tier': mvp, 'tierstack:cluster': aws }");
    write("Pulumi.zoo.yaml", "config: { tier: growth, cluster: existing }");
    expect(stackNames(readProject(folder))).to.deep.equal(["local", "alpha", "beta", "zoo", "growth", "acme"]);
  });

  it("lists files that name no known tier or cannot be read last, by name", () => {
    write("Pulumi.mvp.yaml", "config: { 'tierstack:tier': huge, 'tierstack:cluster': existing }");
    write("Pulumi.broken.yaml", "config:\n  tierstack:tier: mvp\n tierstack:image: [\n");
    write("Pulumi.aside.yaml", "config: { 'other:tier': mvp }");
    mkdirSync(join(folder, "Pulumi.folder.yaml"));
    write("Pulumi.words.yaml", "just a text");
    expect(stackNames(readProject(folder))).to.deep.equal([
      "local",
      "growth",
      "acme",
      "aside",
      "broken",
      "folder",
      "mvp",
      "words",
    ]);
  });

  it("puts a stack's keys over the project's defaults", () => {
    expect(readStack(readProject(folder), "growth")).to.deep.equal({
      stack: "growth",
      config: { "tierstack:tier": "growth", "tierstack:region": "eu-west-1", "tierstack:apiAccessCidrs": "[]" },
      secretKeys: [],
    });
    expect(readStack(readProject(folder), "acme").config["tierstack:tier"]).to.equal("mvp");
  });

  it("replaces encrypted values and remembers their keys", () => {
    write(
      "Pulumi.growth.yaml",
      "encryptionsalt: v1:abc\nconfig:\n  tierstack:app:\n    port: 3000\n    secrets:\n      KEY:\n        secure: v1:xyz\n",
    );
    const { config, secretKeys } = readStack(readProject(folder), "growth");
    expect(JSON.parse(config["tierstack:app"] as string)).to.deep.equal({ port: 3000, secrets: { KEY: "[secret]" } });
    expect(secretKeys).to.deep.equal(["tierstack:app"]);
  });

  it("finds encrypted values in lists, and empty values where a key has none", () => {
    write(
      "Pulumi.growth.yaml",
      "config:\n  tierstack:queues:\n    - name: mail\n      secure: open\n    - secure: v1:xyz\n  tierstack:domain:\n",
    );
    const { config, secretKeys } = readStack(readProject(folder), "growth");
    expect(JSON.parse(config["tierstack:queues"] as string)).to.deep.equal([
      { name: "mail", secure: "open" },
      "[secret]",
    ]);
    expect(secretKeys).to.deep.equal(["tierstack:queues"]);
    expect(config["tierstack:domain"]).to.equal("");
  });

  it("understands the name of a stack's file", () => {
    expect(problemsOf(() => readStack(readProject(folder), "Pulumi.grwth.yaml"))).to.deep.equal([
      'stack: given "Pulumi.grwth.yaml"; allowed: local, growth, acme; fix: did you mean growth?',
    ]);
  });

  it("refuses configuration that is not a mapping, and keys outside of it", () => {
    const problems = () => problemsOf(() => readStack(readProject(folder), "growth"));
    write("Pulumi.growth.yaml", "config:\n  - tier: growth\n");
    expect(problems()).to.deep.equal([
      'Pulumi.growth.yaml: config: given [{"tier":"growth"}]; allowed: a mapping; fix: write its keys below it',
    ]);
    const keys = "allowed: config, environment, secretsprovider, encryptionsalt, encryptedkey";
    write("Pulumi.growth.yaml", "tierstack:tier: growth\nxyzzyplugh: 1\n");
    expect(problems()).to.deep.equal([
      `Pulumi.growth.yaml: tierstack:tier: given an unknown key; ${keys}; fix: move it below config:`,
      `Pulumi.growth.yaml: xyzzyplugh: given an unknown key; ${keys}; fix: did you mean config?`,
    ]);
    write("Pulumi.growth.yaml", "- config\n");
    expect(problems()[0]).to.match(/^Pulumi\.growth\.yaml: given a list; /);
    write("Pulumi.growth.yaml", "config:\n  tierstack:app:port: 1\n  tier: mvp\n  tierstack:tier: growth\n");
    expect(problems()).to.deep.equal([
      "Pulumi.growth.yaml: tierstack:app:port: given a key with two colons; allowed: NAMESPACE:KEY; fix: write " +
        "tierstack:app, and port below it",
      "Pulumi.growth.yaml: tier: given a key that the file has as tierstack:tier too; allowed: each key once; fix: remove " +
        "one of them",
    ]);
  });

  it("suggests the stack that was meant", () => {
    expect(problemsOf(() => readStack(readProject(folder), "grwth"))).to.deep.equal([
      'stack: given "grwth"; allowed: local, growth, acme; fix: did you mean growth?',
    ]);
    expect(problemsOf(() => readStack(readProject(folder), "production"))).to.deep.equal([
      'stack: given "production"; allowed: local, growth, acme; fix: create Pulumi.production.yaml',
    ]);
  });

  it("refuses a file that is not YAML", () => {
    write("Pulumi.growth.yaml", "config:\n  tierstack:tier: growth\n tierstack:image: [\n");
    const [problem = ""] = problemsOf(() => readStack(readProject(folder), "growth"));
    expect(problem).to.match(/^Pulumi\.growth\.yaml:\d: given text that is not YAML \(.+\); allowed: a YAML mapping/);
    expect(problem).to.match(/fix: correct the line, or restore the file from version control$/);
  });

  it("refuses what YAML has beyond JSON", () => {
    const given = (text: string) => {
      write("Pulumi.growth.yaml", text);
      return problemsOf(() => readStack(readProject(folder), "growth")).map((line) => line.split("; allowed")[0]);
    };
    expect(given("config:\n  tierstack:app: !shop x\n")).to.deep.equal([
      "Pulumi.growth.yaml:2: given text that is not YAML (Unresolved tag: !shop)",
    ]);
    expect(given("config:\n  tierstack:app: !!binary aGk=\n")[0]).to.contain(
      "(Unresolved tag: tag:yaml.org,2002:binary)",
    );
    expect(given("config: {}\n---\nconfig: {}\n")).to.deep.equal([
      "Pulumi.growth.yaml:2: given text that is not YAML (Source contains multiple documents)",
    ]);
  });

  it("refuses aliases that are unknown, or that explode", () => {
    const given = (text: string) => {
      write("Pulumi.growth.yaml", text);
      return problemsOf(() => readStack(readProject(folder), "growth"));
    };
    const end =
      "; allowed: a YAML mapping with the key config; fix: correct the line, or restore the file from version control";
    expect(given("config:\n  tierstack:image: *image\n")).to.deep.equal([
      "Pulumi.growth.yaml: given text that is not YAML (Unresolved alias (the anchor must be set before the alias): image)" +
        end,
    ]);
    const ten = (name: string) => `[${Array(10).fill(name).join(", ")}]`;
    expect(given(`a: &a ${ten("1")}\nb: &b ${ten("*a")}\nc: ${ten("*b")}\n`)).to.deep.equal([
      `Pulumi.growth.yaml: given text that is not YAML (Excessive alias count indicates a resource exhaustion attack)${end}`,
    ]);
  });

  it("refuses a file that is not a mapping", () => {
    write("Pulumi.growth.yaml", "just a text");
    expect(problemsOf(() => readStack(readProject(folder), "growth"))).to.deep.equal([
      "Pulumi.growth.yaml: given a string; allowed: a YAML mapping with the key config; fix: write `config:` and its keys",
    ]);
  });

  it("takes a key without a namespace for the project's, as Pulumi does", () => {
    write("Pulumi.growth.yaml", "config:\n  tier: growth\n  region: us-west-2\n");
    expect(readStack(readProject(folder), "growth").config).to.include({
      "tierstack:tier": "growth",
      "tierstack:region": "us-west-2",
    });
  });

  it("refuses the keys that a renamed project left behind, though Pulumi.yaml declares them", () => {
    const tail = (key: string) => `given a key of another project; allowed: keys of shop; fix: write shop:${key}`;
    write("Pulumi.yaml", projectFile.replace("name: tierstack", "name: shop"));
    write("Pulumi.growth.yaml", "config:\n  tierstack:tier: growth\n  tierstack:app: {}\n  tierstack:own: 1\n");
    const problems = () => problemsOf(() => readStack(readProject(folder), "growth"));
    expect(problems()).to.deep.equal([
      "Pulumi.yaml: config: given keys of another project: tierstack:tier, tierstack:region, tierstack:apiAccessCidrs; " +
        "allowed: keys of shop; fix: declare them as shop:KEY; in a clone of tierstack, run npm run generate",
      `Pulumi.growth.yaml: tierstack:tier: ${tail("tier")}`,
      `Pulumi.growth.yaml: tierstack:app: ${tail("app")}`,
    ]);
    write(
      "Pulumi.yaml",
      `${projectFile.replace("name: tierstack", "name: shop")}  tierstack:domain: { default: "" }\n`,
    );
    expect(problems()[0]).to.contain("tierstack:apiAccessCidrs and 1 more; allowed");
    write("Pulumi.yaml", "name: shop\nconfig:\n  tierstack:own: { value: 2 }\n");
    expect(problems()).to.deep.equal([
      `Pulumi.growth.yaml: tierstack:tier: ${tail("tier")}`,
      `Pulumi.growth.yaml: tierstack:app: ${tail("app")}`,
    ]);
    write("Pulumi.growth.yaml", "config:\n  shop:tier: growth\n  tierstack:own: 1\n");
    expect(readStack(readProject(folder), "growth").config).to.deep.equal({
      "shop:tier": "growth",
      "tierstack:own": "1",
    });
  });

  it("takes a namespace of the user's own once Pulumi.yaml declares a key of it", () => {
    write("Pulumi.yaml", `${projectFile}  uploads:expireDays: { value: 365 }\n`);
    write("Pulumi.growth.yaml", "config:\n  uploads:prefix: a\n  upload:prefix: b\n");
    expect(problemsOf(() => readStack(readProject(folder), "growth"))).to.deep.equal([
      "Pulumi.growth.yaml: upload:prefix: given the namespace upload; allowed: tierstack:KEY, or KEY of uploads, aws, " +
        "kubernetes, random, tls, command, pulumi; fix: write uploads:prefix",
    ]);
    write("Pulumi.growth.yaml", "config:\n  uploads:prefix: a\n");
    expect(readStack(readProject(folder), "growth").config).to.include({
      "uploads:expireDays": "365",
      "uploads:prefix": "a",
    });
  });

  it("reads which program the project runs", () => {
    expect(readProject(folder).main).to.equal("index.ts");
    write("Pulumi.yaml", `${projectFile}main: infra/main.ts\n`);
    expect(readProject(folder).main).to.equal("infra/main.ts");
  });

  it("refuses unknown keys and foreign namespaces, all at once", () => {
    write("Pulumi.growth.yaml", "confg: {}\nconfig:\n  tierstak:tier: growth\n  aws:profile: me\n");
    expect(problemsOf(() => readStack(readProject(folder), "growth"))).to.deep.equal([
      "Pulumi.growth.yaml: confg: given an unknown key; allowed: config, environment, secretsprovider, encryptionsalt, " +
        "encryptedkey; fix: did you mean config?",
      "Pulumi.growth.yaml: tierstak:tier: given the namespace tierstak; allowed: tierstack:KEY, or KEY of aws, kubernetes, " +
        "random, tls, command, pulumi; fix: write tierstack:tier",
    ]);
  });

  it("asks for the name of a project", () => {
    for (const [text, given] of [
      ["runtime: nodejs", "nothing"],
      ["name: 7", "7"],
      ["name: my shop", '"my shop"'],
    ]) {
      write("Pulumi.yaml", `${text}\n`);
      expect(problemsOf(() => readProject(folder))).to.deep.equal([
        `Pulumi.yaml: name: given ${given}; allowed: the name of the project: letters, digits, dots, dashes and ` +
          "underscores; fix: write name: NAME",
      ]);
    }
  });

  it("proposes no file for what cannot be a stack", () => {
    for (const stack of ["", "../production", "日本"])
      expect(problemsOf(() => readStack(readProject(folder), stack))[0]).to.match(/fix: choose one of them$/);
  });

  it("says which folder it expects", () => {
    expect(problemsOf(() => readProject(join(folder, "none")))).to.deep.equal([
      "Pulumi.yaml: given a file that cannot be read (ENOENT); allowed: a folder with Pulumi.yaml; " +
        "fix: run the command in the project's folder, or name it with --cwd",
    ]);
  });
});
