import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { drills } from "../../ops/drills/drills";
import { longestSeconds } from "../../ops/drills/restore/managed";
import { commandNamed, requestOf } from "../../ops/request";

const root = join(__dirname, "..", "..");
const folder = join(root, ".github", "workflows");

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  if?: string;
  permissions?: Record<string, string>;
  environment?: unknown;
  "runs-on": string;
  needs?: string;
  "timeout-minutes"?: number;
  steps: Step[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  concurrency?: object;
  jobs: Record<string, Job>;
}

const files = readdirSync(folder).sort();
const textOf = (file: string) => readFileSync(join(folder, file), "utf8");
const workflows = new Map(files.map((file) => [file, parse(textOf(file)) as Workflow]));
const workflow = (file: string) => workflows.get(file) as Workflow;

/** Every job, as [file, name of the job, job]. */
const jobs = [...workflows].flatMap(([file, { jobs: all }]) =>
  Object.entries(all).map(([name, job]) => [`${file}: ${name}`, job] as const),
);
const steps = jobs.flatMap(([name, job]) => job.steps.map((step) => [name, step] as const));

/** Rights of a job by name: its own, else the workflow's. */
const rightsOf = (file: string) =>
  Object.fromEntries(
    Object.entries(workflow(file).jobs).map(([name, job]) => [name, job.permissions ?? workflow(file).permissions]),
  );

describe("workflows", () => {
  it("are those that the tests know", () => {
    expect(files).to.have.members([
      "ci.yml",
      "deploy.yml",
      "drill.yml",
      "image.yml",
      "preview-comment.yml",
      "preview.yml",
    ]);
  });

  it("pin each action by its commit, with the version beside it, one version of each", () => {
    const uses = files.flatMap((file) => textOf(file).match(/uses:.*/g) ?? []);
    expect(uses.length).to.equal(steps.filter(([, { uses: action }]) => action).length);
    const unpinned = uses.filter((line) => !/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line));
    expect(unpinned).to.deep.equal([]);
    const actions = [...new Set(uses)].map((line) => line.split("@")[0]);
    expect(actions).to.have.length(new Set(actions).size);
  });

  it("give each job a limit in time and no right that it does not name", () => {
    for (const [name, job] of jobs)
      expect(job["timeout-minutes"], name).to.be.within(1, name === "drill.yml: restore" ? 300 : 120);
    expect(rightsOf("ci.yml")).to.deep.equal({ checks: { contents: "read" } });
    expect(rightsOf("deploy.yml")).to.deep.equal({
      plan: { contents: "read" },
      up: { contents: "read", "id-token": "write" },
    });
    expect(rightsOf("drill.yml")).to.deep.equal({ restore: { contents: "read", "id-token": "write" } });
    expect(rightsOf("preview.yml")).to.deep.equal({
      plan: { contents: "read" },
      engine: { contents: "read", "id-token": "write" },
    });
    expect(rightsOf("preview-comment.yml")).to.deep.equal({
      comment: { actions: "read", contents: "read", "pull-requests": "write" },
    });
  });

  it("publish an image for its tag only, once, for both architectures, and with rights of this repository alone", () => {
    expect(workflow("image.yml").on).to.deep.equal({ push: { tags: ["handover-v*", "workload-v*"] } });
    expect(rightsOf("image.yml")).to.deep.equal({ image: { contents: "read", packages: "write" } });
    const { steps: run } = workflow("image.yml").jobs.image as Job;
    expect(run.map(({ uses, name }) => uses?.split("@")[0] ?? name)).to.deep.equal([
      "actions/checkout",
      "Version",
      "Log in",
      "Build and publish",
    ]);
    const publish = run[3]?.run;
    expect(publish).to.contain('--file "$PROGRAM/Dockerfile" --platform linux/amd64,linux/arm64');
    expect(publish).to.match(/if docker buildx imagetools inspect "\$IMAGE"; then.*exit 1.*--push/s);
  });

  for (const program of ["handover", "workload"])
    it(`take the version of the image ${program} from a tag that its package agrees with`, () => {
      const { version } = JSON.parse(readFileSync(join(root, program, "package.json"), "utf8"));
      const [, step] = (workflow("image.yml").jobs.image as Job).steps;
      const bin = mkdtempSync(join(tmpdir(), "tierstack-"));
      // A runner has jq. Here, this stands in for it.
      const jq = `#!/bin/sh\nexec "${process.execPath}" -p 'JSON.parse(fs.readFileSync(process.argv[1])).version' "$3"\n`;
      writeFileSync(join(bin, "jq"), jq, { mode: 0o755 });
      const take = (tag: string) => {
        const file = join(bin, "env");
        writeFileSync(file, "");
        const env = {
          PATH: `${bin}:${process.env.PATH}`,
          GITHUB_REF_NAME: tag,
          GITHUB_REPOSITORY: "Owner/Shop",
          GITHUB_ENV: file,
        };
        const { status } = spawnSync("bash", ["-e", "-c", step?.run ?? ""], { cwd: root, env });
        return [status, readFileSync(file, "utf8")];
      };
      const taken = `PROGRAM=${program}\nIMAGE=ghcr.io/owner/shop/${program}:${version}\n`;
      expect(take(`${program}-v${version}`)).to.deep.equal([0, taken]);
      expect(take(`${program}-v${version}-v1`)).to.deep.equal([1, ""]);
      rmSync(bin, { recursive: true });
    });

  it("leave no token behind in a checkout", () => {
    const checkouts = steps.filter(([, { uses = "" }]) => uses.startsWith("actions/checkout@"));
    expect(checkouts.length).to.be.at.least(4);
    for (const [name, step] of checkouts) expect(step.with?.["persist-credentials"], name).to.equal(false);
  });

  it("put no expression into a script: values come through the environment", () => {
    const scripts = steps.filter(([, { run = "" }]) => run.includes("${{"));
    expect(scripts.map(([name]) => name)).to.deep.equal([]);
  });

  it("never run a pull request's code with the rights of the base", () => {
    for (const file of files) expect(Object.keys(workflow(file).on), file).not.to.include("pull_request_target");
    const privileged = files.filter((file) => "workflow_run" in workflow(file).on);
    expect(privileged).to.deep.equal(["preview-comment.yml"]);
    // The checkout of the default branch: no ref, no repository, no artifact on the disk, no script of a package.
    const { steps: run } = workflow("preview-comment.yml").jobs.comment as Job;
    expect(run.map(({ uses, run: script }) => script ?? uses?.split("@")[0])).to.deep.equal([
      "actions/checkout",
      "actions/setup-node",
      "npm ci --ignore-scripts --no-audit --no-fund",
      "node --import tsx scripts/preview/post.ts",
    ]);
    expect(run[0]?.with).to.deep.equal({ "persist-credentials": false });
  });

  it("give a pull request no secret and no cache that others read", () => {
    expect(textOf("preview.yml")).not.to.match(/secrets\.|secrets\[|github\.token/);
    expect(textOf("preview.yml")).not.to.match(/actions\/cache|cache: npm/);
    const { plan, engine } = workflow("preview.yml").jobs as { plan: Job; engine: Job };
    expect(plan.permissions).not.to.have.property("id-token");
    // A fork gets no identity, whatever the repository's variables are.
    expect(engine.if).to.match(/^github\.event\.pull_request\.head\.repo\.full_name == github\.repository && vars\./);
  });

  it("decrypt the state for a pull request only after an approval, away from the runner that deploys", () => {
    const { engine } = workflow("preview.yml").jobs as { engine: Job };
    expect(engine.environment).to.equal("preview");
    expect(engine["runs-on"]).to.equal("${{ vars.PREVIEW_RUNNER || 'ubuntu-24.04' }}");
    expect(textOf("preview.yml")).not.to.contain("DEPLOY_RUNNER");
  });

  it("deploy only after the approval of an environment, and only the plan that was approved", () => {
    const { plan, up } = workflow("deploy.yml").jobs as { plan: Job; up: Job };
    expect(Object.keys(workflow("deploy.yml").on)).to.deep.equal(["workflow_dispatch"]);
    expect([up.environment, up.needs]).to.deep.equal(["${{ inputs.stack }}", "plan"]);
    expect(workflow("deploy.yml").concurrency).to.deep.equal({
      group: "deploy-${{ inputs.stack }}",
      "cancel-in-progress": false,
    });
    // Credentials come after the packages' scripts have run. `up` compares before it changes anything.
    const order = up.steps.map(({ name, uses = "", run = "" }) => name ?? (uses.split("@")[0] || run.split(" --")[0]));
    expect(order).to.deep.equal([
      "actions/checkout",
      "actions/setup-node",
      "npm ci",
      "actions/download-artifact",
      "aws-actions/configure-aws-credentials",
      "Up",
    ]);
    const [saved, uploaded, downloaded, deployed] = [
      plan.steps.find(({ name }) => name === "Plan")?.run,
      plan.steps.find(({ uses = "" }) => uses.startsWith("actions/upload-artifact@"))?.with,
      up.steps.find(({ uses = "" }) => uses.startsWith("actions/download-artifact@"))?.with,
      up.steps.find(({ name }) => name === "Up")?.run,
    ];
    expect(saved).to.contain("--out=approved/plan.json");
    expect(plan.steps.find(({ name }) => name === "Diff")?.run).to.contain("$PWD/approved/before.json");
    expect([uploaded?.name, uploaded?.path]).to.deep.equal([downloaded?.name, downloaded?.path]);
    expect(deployed).to.contain("--plan=approved/plan.json").and.to.contain("--base=approved/before.json");
    expect(deployed).to.match(/GITHUB_RUN_ATTEMPT" -gt 1 \]; then approved\+=\(--resume\)/);
    expect(JSON.stringify(up)).not.to.match(/pulumi up|cmp /);
    expect(JSON.stringify(plan)).not.to.match(/secrets\.|id-token|configure-aws/);
    // Secrets are those of an environment, whose approval and branches are set on GitHub.
    const withSecrets = jobs.filter(([, job]) => JSON.stringify(job).includes("secrets."));
    expect(withSecrets.map(([name]) => name)).to.deep.equal(["deploy.yml: up", "drill.yml: restore"]);
  });

  it("practise the restore of each stack every week, in environments that ask nobody", () => {
    const { on, permissions, jobs: all } = workflow("drill.yml");
    expect(Object.keys(on)).to.deep.equal(["schedule", "workflow_dispatch"]);
    const [{ cron }] = on.schedule as [{ cron: string }];
    // A minute, an hour and a day of the week: once a week.
    expect(cron).to.match(/^[1-9]\d? \d+ \* \* [0-6]$/);
    expect(permissions).to.deep.equal({});
    const { restore } = all as { restore: Job & { strategy: { matrix: { stack: string } } } };
    expect(restore.if).to.equal("inputs.stack != '' || vars.DRILL_STACKS != ''");
    expect(restore.strategy.matrix.stack).to.equal(
      "${{ fromJSON(inputs.stack != '' && format('[{0}]', toJSON(inputs.stack)) || vars.DRILL_STACKS) }}",
    );
    // Not the one that deploys: its approval would wait for somebody each week.
    expect(restore.environment).to.equal("drill-${{ matrix.stack }}");
    expect(textOf("drill.yml")).not.to.match(/DEPLOY_R/);
    const order = restore.steps.map(({ name, uses = "", run = "" }) => name ?? (uses.split("@")[0] || run));
    expect(order).to.deep.equal([
      "actions/checkout",
      "actions/setup-node",
      "npm ci --no-audit --no-fund",
      "aws-actions/configure-aws-credentials",
      "Restore",
    ]);
    const [, words = ""] =
      /^exec node --import tsx ops\/drills\/main\.ts restore (.*)$/.exec(restore.steps.at(-1)?.run ?? "") ?? [];
    const { target, yes } = requestOf(
      commandNamed("restore", drills.commands),
      words.replace('"$STACK"', "shop").split(" "),
    );
    expect([target.stack, yes]).to.deep.equal(["shop", true]);
    // The drill gives up by itself, and its credentials last until the job ends.
    const minutes = restore["timeout-minutes"] ?? 0;
    expect(minutes * 60).to.be.above(longestSeconds);
    const session = minutes * 60;
    expect(restore.steps[3]?.with?.["role-duration-seconds"]).to.equal(session);
    const role = readFileSync(join(root, "docs", "deploy-role.md"), "utf8");
    expect(role).to.contain(`--role-name shop-production-drill --max-session-duration ${session} `);
  });

  it("use names of the event only where they are data", () => {
    const named = files.flatMap((file) =>
      (textOf(file).match(/\$\{\{[^}]*github\.(event|head_ref)[^}]*\}\}/g) ?? []).map((text) => `${file}: ${text}`),
    );
    expect(named).to.deep.equal([
      "preview-comment.yml: ${{ github.event.workflow_run.head_repository.id }}",
      "preview-comment.yml: ${{ github.event.workflow_run.head_branch }}",
      "preview.yml: ${{ github.event.pull_request.number }}",
    ]);
  });
});
