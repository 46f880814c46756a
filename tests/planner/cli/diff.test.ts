import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { testProject } from "../../support/project";
import { runCli } from "./support";

const run = (...argv: string[]) => runCli("diff", ...argv);

describe("npm run diff", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-diff-"));
    for (const file of readdirSync(testProject()).filter((name) => /^Pulumi\..*yaml$/.test(name)))
      cpSync(join(testProject(), file), join(folder, file));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** Adds a line to the configuration of a stack in the folder. */
  const configure = (stack: string, line: string) => {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    writeFileSync(file, `${readFileSync(file, "utf8")}  ${line}\n`);
  };

  it("says what a move does, under the name of the stack that moves", async () => {
    configure("growth", "tierstack:keep: { nodeState: true }");
    const { code, stdout, stderr } = await run("startup", "growth", "--cwd", folder);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    const lines = stdout.split("\n");
    expect(lines[0]).to.match(/^startup -> growth {2}39 replace, \d+ delete, 4 retained, \d+ update, \d+ create$/);
    expect(lines[1]).to.equal("Data is safe: nothing that holds it is replaced or deleted.");
    // Names that carry the stack's do not change: the same stack moves.
    expect(stdout).to.not.contain("node-state/server-ca.crt");
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(100);
  });

  it("says what to set where a move up forgets the state of the node", async () => {
    const { code, stdout, stderr } = await run("startup", "growth");
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr:
        "startup -> growth: tierstack/node-state/client-ca-certificate and 6 more would be deleted, but are protected, so " +
        "the engine stops the move; fix: set tierstack:keep.nodeState to true in Pulumi.startup.yaml, the stack that moves, and in " +
        "Pulumi.growth.yaml, which this diff reads\n",
    });
    expect(stdout.replaceAll(/\s+/g, " ")).to.contain(" Set keep.nodeState to true to keep all 7. ");
    // A fresh stack has nothing to keep.
    expect((await run("growth", "scale")).code).to.equal(0);
  });

  it("reports the mistakes in both stacks, each with its file", async () => {
    configure("startup", "tierstack:teir: mvp");
    configure("growth", "tierstack:backupRegion: us-east-1");
    configure("growth", "tierstack:maintenance: perhaps");
    const { code, stdout, stderr } = await run("startup", "-s", "growth", "--cwd", folder);
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(
      stderr
        .trimEnd()
        .split("\n")
        .map((line) => line.split(": given ")[0]),
    ).to.deep.equal(["Pulumi.startup.yaml: tierstack:teir", "Pulumi.growth.yaml: tierstack:maintenance"]);
    expect((await run("startp", "growht")).stderr.split("\n").map((line) => line.split("fix: ")[1])).to.deep.equal([
      "did you mean startup?",
      "did you mean growth?",
      undefined,
    ]);
  });

  it("answers machines in JSON", async () => {
    const { code, stdout, stderr } = await run("startup", "mvp", "--format", "json");
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr:
        "startup -> mvp: tierstack/postgres/primary and 1 more would be deleted, but are protected, so the engine stops the " +
        "move; fix: set tierstack:keep.managedStores to true in Pulumi.startup.yaml, the stack that moves, and in " +
        "Pulumi.mvp.yaml, which this diff reads\n",
    });
    const { from, to, changes } = JSON.parse(stdout);
    expect({ from, to }).to.deep.equal({ from: "startup", to: "mvp" });
    expect(changes.filter(({ action }: { action: string }) => action === "refused")).to.deep.equal([
      {
        path: "tierstack/postgres/primary",
        type: "aws:rds/instance:Instance",
        action: "refused",
        data: true,
        properties: [],
        effect: "none",
        keep: "keep.managedStores",
      },
      {
        path: "tierstack/redis/cluster",
        type: "aws:elasticache/replicationGroup:ReplicationGroup",
        action: "refused",
        data: true,
        properties: [],
        effect: "none",
        keep: "keep.managedStores",
      },
    ]);
  });

  it("prices a move that the engine stops with what it asks to keep: as the move with that setting", async () => {
    const costOf = async (...argv: string[]) => JSON.parse((await run(...argv, "--format", "json")).stdout).cost;
    const told = async (to: string) => {
      const { monthlyUsdAfter, kept } = await costOf("startup", to, "--cwd", folder);
      return { monthlyUsdAfter, kept };
    };
    const [stoppedDown, stoppedUp] = [await told("mvp"), await told("growth")];
    expect(stoppedDown.kept).to.deep.include({
      settings: ["keep.managedStores"],
      paths: ["tierstack/postgres/primary", "tierstack/redis/cluster"],
    });
    expect(stoppedUp.kept.paths).to.deep.equal(["tierstack/node-state/volume"]);
    const report = (await run("startup", "mvp", "--format", "html")).stdout;
    expect(report).to.contain(`$${stoppedDown.monthlyUsdAfter.toFixed(2)}</td>`);
    configure("mvp", "tierstack:keep: { managedStores: true }");
    configure("growth", "tierstack:keep: { nodeState: true }");
    expect(await told("mvp")).to.deep.equal(stoppedDown);
    expect(await told("growth")).to.deep.equal(stoppedUp);
    expect((await run("startup", "mvp", "--cwd", folder)).code).to.equal(0);
  });

  it("compares with a saved plan, and exits 1 where data would be lost", async () => {
    const base = join(folder, "base.json");
    expect((await runCli("plan", "startup", "--format", "json", "--out", base)).code).to.equal(0);
    const same = await run("--base", base, "startup");
    expect(same.stdout.split("\n")[0]).to.equal("startup -> startup  no change");
    const unprotected = readFileSync(base, "utf8").replaceAll('"protect": true', '"protect": false');
    writeFileSync(base, unprotected);
    configure("startup", "tierstack:keep: { clusterStores: false }");
    const kept = await run("--base", base, "startup", "--cwd", folder);
    expect({ code: kept.code, stderr: kept.stderr }).to.deep.equal({ code: 0, stderr: "" });
    writeFileSync(base, unprotected.replaceAll('"retainOnDelete": true', '"retainOnDelete": false'));
    const lost = await run("--base", base, "startup", "--cwd", folder);
    expect(lost.code).to.equal(1);
    const stores = ["postgres/cluster/data", "postgres/cluster/server", "redis/data", "redis/server"];
    expect(lost.stderr).to.equal(
      stores
        .map(
          (path) =>
            `startup -> startup: tierstack/${path} holds data, and the move would delete it; fix: keep it in the program, or ` +
            "set retainOnDelete on it\n",
        )
        .join(""),
    );
    expect(lost.stdout).to.contain("Data would be lost: the move replaces or deletes 4 resources that hold it.");
  });

  it("exits 1 where AWS refuses a change, with the reason on one line", async () => {
    const base = join(folder, "base.json");
    expect((await runCli("plan", "startup", "--format", "json", "--out", base)).code).to.equal(0);
    writeFileSync(base, readFileSync(base, "utf8").replace('"size": 10', '"size": 20'));
    const { code, stdout, stderr } = await run("--base", base, "startup");
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr:
        "startup -> startup: AWS refuses the change of tierstack/node-state/volume: size 20 -> 10: EBS cannot shrink a " +
        "volume; keep 20 GiB or more (nodes.dataVolumeGiB)\n",
    });
    expect(stdout.split("\n")[1]).to.equal("AWS stops this move: it refuses 1 change.");
  });

  it("takes neither a damaged plan as the base nor one of another project", async () => {
    const file = join(folder, "plan.json");
    expect((await runCli("plan", "local", "--out", file)).code).to.equal(0);
    const plan = JSON.parse(readFileSync(file, "utf8"));
    const [first, ...rest] = plan.resources;
    const without = (part: string) => {
      const { [part]: _, ...options } = first.options;
      return { ...first, options };
    };
    const write = "write one: npm run plan -- STACK --out PLAN.json";
    const version = "a plan of version 1 as JSON";
    const cases: [spoilt: object, given: string, allowed: string, fix?: string][] = [
      [{ tier: "huge" }, 'a plan of the tier "huge"', "a plan of mvp, startup, growth, scale"],
      [{ resources: [first, ...rest, first] }, `${first.path} twice`, "a plan with each resource once"],
      [{ cost: undefined }, "a plan with parts missing: cost", version],
      [{ cost: { monthlyUsd: "1" } }, "a plan with parts missing: cost", version],
      ...["protect", "retainOnDelete", "ignoreChanges"].map((part): [object, string, string] => [
        { resources: [...rest, without(part)] },
        `a plan with parts missing: resources[${rest.length}]`,
        version,
      ]),
      ...["parent", "provider", "custom", "dependsOn", "inputs"].map((part): [object, string, string] => [
        { resources: [{ ...first, [part]: 1 }] },
        "a plan with parts missing: resources[0]",
        version,
      ]),
      [
        { project: "shop" },
        "a plan of shop, stack local",
        "a plan of tierstack",
        `${write}. If the project was renamed: its name is in every URN, so rename the deployed stack first (pulumi stack rename)`,
      ],
    ];
    for (const [spoilt, given, allowed, fix = write] of cases) {
      writeFileSync(file, JSON.stringify({ ...plan, ...spoilt }));
      expect(await run("--base", file, "local")).to.deep.equal({
        code: 2,
        stdout: "",
        stderr: `--base ${file}: given ${given}; allowed: ${allowed}; fix: ${fix}\n`,
      });
    }
  });

  it("reports bad input on one line each", async () => {
    const bad = async (...argv: string[]) => {
      const { code, stderr } = await run(...argv);
      expect(code).to.equal(2);
      return stderr.trimEnd().split("\n");
    };
    expect(await bad()).to.deep.equal([
      "command line: given no stack; allowed: two stacks; fix: write npm run diff -- FROM TO",
    ]);
    expect(await bad("--base", "plan.json")).to.deep.equal([
      "command line: given no stack; allowed: one stack beside --base; fix: write npm run diff -- --base PLAN.json STACK",
    ]);
    expect(await bad("startup", "--fromat", "json")).to.deep.equal([
      "command line: given --fromat; allowed: --base, --format, --out, --cwd, --prices, --assumptions, --coefficients, --stack, " +
        "--help, -s, -h; fix: did you mean --format?",
    ]);
    expect(await bad("--base", "nowhere.json", "growth")).to.deep.equal([
      "--base nowhere.json: given a file that cannot be read (ENOENT); allowed: a plan of version 1 as JSON; fix: write " +
        "one: npm run plan -- STACK --out PLAN.json",
    ]);
    for (const [content, given] of [
      ["{", "a file that is not JSON"],
      ["[]", "JSON that is not a plan"],
      ['{"version":2,"resources":[]}', "a plan of version 2"],
      ['{"version":"1","resources":[]}', 'a plan of version "1"'],
      ['{"version":1,"resources":[]}', "a plan with parts missing: project, stack, tier, cost"],
      ['{"version":1,"stack":"a","resources":{}}', "a plan with parts missing: project, tier, resources, cost"],
      [
        '{"version":1,"project":"a","stack":"a","tier":"mvp","cost":{"monthlyUsd":1},"resources":[{"path":"a","type":"b","name":"c"}]}',
        "a plan with parts missing: resources[0]",
      ],
    ] as const) {
      const file = join(folder, "plan.json");
      writeFileSync(file, content);
      expect((await bad("--base", file, "growth"))[0]).to.contain(`given ${given};`);
    }
    expect(await bad("startup", "growth", "--format", "xml")).to.deep.equal([
      "--format: given xml; allowed: tree, json, markdown, mermaid, html; fix: choose one of them",
    ]);
    expect((await bad("startup", "grwth"))[0]).to.contain("did you mean growth?");
  });

  it("has help", async () => {
    const { code, stdout } = await run("--help");
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: npm run diff -- FROM TO/);
  });
});
