import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { metricNames } from "../../../planner/advise/metrics";
import { readMetrics } from "../../../planner/advise/read";
import { testProject } from "../../support/project";
import { root, runCli, runCliAt } from "./support";

const example = (name: string) => join(root, "docs", "examples", name);
const usage = "fix: write npm run advise -- METRICS.json STACK";

describe("advise", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-advise-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (content: object, name = "metrics.json") => {
    writeFileSync(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  };
  /** A file with one value of each metric, every five minutes for a week. */
  const week = (values: Record<string, number>, more: object = {}) =>
    file({
      version: 1,
      ...more,
      series: Object.entries(values).map(([metric, value]) => ({
        metric,
        samples: Array.from({ length: 2017 }, (_, at) => ({ time: new Date(at * 300_000).toISOString(), value })),
      })),
    });
  const json = async (...argv: string[]) => {
    const { code, stdout, stderr } = await runCli("advise", ...argv, "--format", "json");
    expect([code, stderr]).to.deep.equal([0, ""]);
    return JSON.parse(stdout);
  };

  it("answers the example with one setting, what it costs and carries, and how to go about it", async () => {
    const first = await runCli("advise", example("metrics.json"));
    expect(first).to.include({ code: 0, stderr: "" });
    const lines = first.stdout.split("\n");
    expect(lines[0]).to.equal("growth: stay at growth, with one more read replica (postgres.replicas: 1 -> 2).");
    expect(lines).to.include.members([
      "Measured 2026-11-20 10:00 to 10:12 UTC; up to 14634 requests a minute.",
      "Data is safe: nothing that holds it is replaced or deleted.",
      "  npx pulumi config set --path tierstack:postgres.replicas 2 -s growth",
      "Checklist",
    ]);
    expect(first.stdout).to.match(/^replicas 2 +345\.55 \(\+50\.50\) /m);
    expect(await runCli("advise", example("metrics.json"), "growth")).to.deep.equal(first);
    const markdown = (await runCli("advise", example("metrics.json"), "--format", "markdown")).stdout;
    expect(markdown).to.match(/^## growth: stay at growth, with one more read replica /);
  });

  it("plans each option as npm run plan does it", async () => {
    const { options, now } = await json(example("metrics.json"));
    const planned = async (name: string, ...argv: string[]) => {
      const { stdout } = await runCli("plan", name, "--format", "json", ...argv);
      const { cost, capacity } = JSON.parse(stdout);
      return [cost.monthlyUsd, cost.low, cost.high, capacity.requestsPerMinute, capacity.bottleneck];
    };
    const figures = ({ cost, capacity }: typeof now) => [
      cost.monthlyUsd,
      cost.low,
      cost.high,
      capacity.requestsPerMinute,
      capacity.bottleneck,
    ];
    expect(figures(now)).to.deep.equal(await planned("growth"));
    const tier = options.find(({ lever }: { lever: string }) => lever === "tier");
    const scale = await planned("scale");
    expect(figures(tier.figures).slice(3)).to.deep.equal(scale.slice(3));
    expect(tier.figures.cost.monthlyUsd).to.equal(scale[0]);
    expect(options.map(({ lever }: { lever: string }) => lever)).to.deep.equal(["replica", "database", "tier"]);
  });

  /** The project of the tests, with a stack `own` of some lines beside those of another. */
  const projectWith = (base: string, lines: string) => {
    const project = mkdtempSync(join(folder, "project-"));
    cpSync(testProject(), project, { recursive: true, verbatimSymlinks: true });
    const text = readFileSync(join(project, `Pulumi.${base}.yaml`), "utf8").split("  tierstack:queues:")[0];
    writeFileSync(join(project, "Pulumi.own.yaml"), `${text}${lines}`);
    return project;
  };

  it("plans a setting beside those of the stack file, as pulumi config set --path changes it", async () => {
    const own = (setting: string) => projectWith("startup", `  tierstack:nodes: ${setting}\n`);
    const small = own("{ instanceTypes: [m7g.large, t4g.large], capacity: on-demand }");
    const { stdout } = await runCliAt(small, "advise", week({ "node.cpu": 85 }), "own", "--format", "json");
    const [, node] = JSON.parse(stdout).options;
    expect(node.change).to.deep.equal({ key: "nodes.instanceTypes[0]", before: "m7g.large", after: "m7g.xlarge" });
    const large = own("{ instanceTypes: [m7g.xlarge, t4g.large], capacity: on-demand }");
    const planned = JSON.parse((await runCliAt(large, "plan", "own", "--format", "json")).stdout);
    expect(node.figures.cost.monthlyUsd).to.equal(planned.cost.monthlyUsd);
    expect(node.figures.capacity.requestsPerMinute).to.equal(planned.capacity.requestsPerMinute);
  });

  it("calls a tier too large after an idle week, with what the smaller one costs and the command for the move", async () => {
    const idle = week({ "node.cpu": 5, "database.cpu": 5, "app.requests": 900 });
    const advice = await json(idle, "-s", "growth");
    expect(advice.answer).to.deep.equal({ do: "tier", direction: "down", tier: "startup" });
    const [option] = advice.options;
    expect(option.figures.cost.monthlyUsd).to.be.below(advice.now.cost.monthlyUsd / 2);
    expect(option.commands).to.deep.equal(["npm run plan -- growth --to startup"]);
    const text = (await runCli("advise", idle, "growth")).stdout;
    expect(text).to.match(/^growth: growth is too large\. Move down to startup\.\n/);
    expect(text).to.match(/^tier startup +\d+\.\d\d \(-\d+\.\d\d\) /m);
    expect(text).to.contain("  npm run plan -- growth --to startup\n");
  });

  it("stays where the tier below cannot be planned, and says why and what to do", async () => {
    const idle = week({ "node.cpu": 5, "database.cpu": 5, "app.requests": 50 });
    const project = projectWith(
      "startup",
      "  tierstack:queues: [{ name: a }, { name: b }, { name: c }]\n  tierstack:keep: { managedStores: true }\n",
    );
    const { code, stdout } = await runCliAt(project, "advise", idle, "own", "--format", "json");
    const advice = JSON.parse(stdout);
    expect([code, advice.answer]).to.deep.equal([0, { do: "stay", direction: "stay" }]);
    expect(advice).to.deep.include({ because: [], options: [], checklist: [] });
    expect(advice.notSmaller)
      .to.match(/^the metrics would allow mvp, but the stack cannot be planned so: tierstack:queues: given /)
      .and.match(/; fix: lower workers\.maxReplicas or /);
    const text = (await runCliAt(project, "advise", idle, "own")).stdout;
    expect(text).to.contain("Why not smaller\n  - the metrics would allow mvp");
    expect(text).not.to.contain("Commands");
  });

  it("stays where nothing is asked, and says what was not measured", async () => {
    const text = (await runCli("advise", week({ "node.cpu": 40 }), "mvp")).stdout;
    expect(text).to.match(/^mvp: stay at mvp\.\n/);
    expect(text).to.contain("  - not measured: node.memory, app.p95,");
    expect(text).not.to.contain("Checklist").and.not.to.contain("Commands");
  });

  it("takes another option where the nodes have no room, and says why", async () => {
    const advice = await json(week({ "queue.waiting": 500 }), "mvp");
    expect(advice.answer).to.deep.equal({ do: "tier", direction: "up", tier: "startup" });
    const workers = advice.options.find(({ lever }: { lever: string }) => lever === "workers");
    expect(workers.problems[0]).to.match(/^tierstack:workers\.maxReplicas: given at every autoscaler's maximum/);
  });

  it("says what a tier needs before it can be planned, and what stops the move", async () => {
    const text = (await runCli("advise", week({ "node.cpu": 85 }), "startup")).stdout;
    expect(text).to.match(/^startup: move up from startup to growth\.\n/);
    expect(text).to.contain("Set keep.nodeState to");
    expect(text).to.contain("docs/moving.md#startup-to-growth");
  });

  it("prices a tier with what a setting must keep before the engine takes the move, as the diff does", async () => {
    const idle = week({ "node.cpu": 5, "database.cpu": 5, "app.requests": 50 });
    const [option] = (await json(idle, "startup")).options;
    expect(option.tier).to.equal("mvp");
    expect(option.move.verdict).to.contain("Set keep.managedStores to true");
    const cost = async (...argv: string[]) =>
      JSON.parse((await runCli("plan", ...argv, "--format", "json")).stdout).cost;
    expect(option.figures.cost.monthlyUsd)
      .to.equal((await cost("startup", "--to", "mvp")).monthlyUsdAfter)
      .and.above((await cost("mvp")).monthlyUsd);
  });

  it("is a tier although a setting has no effect there: to remove it is a step of the move", async () => {
    const project = projectWith("startup", "  tierstack:nodes: { capacity: on-demand }\n");
    const { stdout } = await runCliAt(project, "advise", week({ "node.cpu": 85 }), "own", "--format", "json");
    const { answer, options } = JSON.parse(stdout);
    expect(answer).to.deep.equal({ do: "tier", direction: "up", tier: "growth" });
    expect(options[0].problems).to.deep.equal([
      'tierstack:nodes.capacity: given "on-demand"; allowed: nothing: it has no effect on the node pools of this tier; fix: remove it',
    ]);
  });

  it("takes metrics from several files", async () => {
    const advice = await json(example("prometheus.json"), example("cloudwatch.json"), "growth");
    expect(advice.because.map(({ metric, of }: { metric: string; of: string }) => [metric, of])).to.deep.equal([
      ["redis.memory", "CACHE-0001-001"],
      ["queue.waiting", "default"],
    ]);
  });

  it("refuses a queue that the stack does not have, and doubts percent that look like shares", async () => {
    const samples = [0, 300].map((at) => ({ time: new Date(at * 1000).toISOString(), value: 0.85 }));
    const other = file({ version: 1, series: [{ metric: "queue.waiting", of: "images", samples }] });
    expect(await runCli("advise", other, "growth")).to.deep.equal({
      code: 2,
      stdout: "",
      stderr:
        `${other}: series 1: given queue.waiting of "images"; allowed: the stack's queues: default; fix: name it so, or remove the ` +
        "series (docs/advise.md)\n",
    });
    const shares = file({ version: 1, series: [{ metric: "node.cpu", samples }] });
    expect((await json(shares, "growth")).unknown.perhapsShares).to.deep.equal(["node.cpu"]);
    const given = file({ version: 1, series: [{ metric: "node.cpu", unit: "percent", samples }] });
    expect((await json(given, "growth")).unknown.perhapsShares).to.deep.equal([]);
  });

  it("writes a file, and nothing over it for bad input", async () => {
    const out = join(folder, "advice.json");
    expect((await runCli("advise", example("metrics.json"), "--out", out)).code).to.equal(0);
    const written = readFileSync(out, "utf8");
    expect(JSON.parse(written)).to.include({ version: 1, stack: "growth", tier: "growth" });
    const bad = file({ version: 1, series: [{ metric: "node.cpu", samples: [] }] });
    const { code, stdout, stderr } = await runCli("advise", bad, "growth", "--out", out);
    expect([code, stdout]).to.deep.equal([2, ""]);
    expect(stderr).to.match(/^\S+metrics\.json: series\[0\]\.samples: given \[\]; allowed: at least 2; fix: [^\n]+\n$/);
    expect(readFileSync(out, "utf8")).to.equal(written);
  });

  it("answers a wrong command line with what to write", async () => {
    const wrong = async (...argv: string[]) => {
      const { code, stdout, stderr } = await runCli("advise", ...argv);
      expect([code, stdout]).to.deep.equal([2, ""]);
      return stderr;
    };
    const metrics = example("prometheus.json");
    expect(await wrong()).to.equal(`command line: given nothing; allowed: files of metrics, and a stack; ${usage}\n`);
    expect(await wrong(metrics, "mvp", "growth")).to.equal(
      `command line: given mvp growth; allowed: one stack; ${usage}\n`,
    );
    expect(await wrong(metrics)).to.equal(
      `command line: given no stack, and metrics that name none; allowed: local, mvp, startup, growth, scale; ${usage}\n`,
    );
    expect(await wrong(example("metrics.json"), "mvp")).to.equal(
      "command line: given the stack mvp, and metrics of growth; allowed: metrics of the stack; fix: name growth, or other metrics\n",
    );
    expect(await wrong(metrics, "grwth")).to.equal(
      'stack: given "grwth"; allowed: local, mvp, startup, growth, scale; fix: did you mean growth?\n',
    );
    expect(await wrong(metrics, "growth", "--format", "tree")).to.equal(
      "--format: given tree; allowed: text, markdown, json; fix: choose one of them\n",
    );
    const { code, stderr } = await runCliAt(folder, "advise", metrics, "growth");
    expect(code).to.equal(2);
    expect(stderr).to.match(/^Pulumi\.yaml: given a file that cannot be read \(ENOENT\)/);
  });

  describe("examples of the documentation", () => {
    it("are read, and their queries name metrics", () => {
      const named = readFileSync(example("metrics.promql"), "utf8").match(/"tierstack", "[\w.]+", "", ""\)/g) ?? [];
      const labels = (
        JSON.parse(readFileSync(example("cloudwatch-queries.json"), "utf8")) as { Label?: string }[]
      ).flatMap(({ Label }) => Label ?? []);
      const empty = labels.map((Label) => ({
        Label,
        Timestamps: ["2026-11-20T10:00:00Z", "2026-11-20T10:01:00Z"],
        Values: [1, 1],
      }));
      const fromCloudWatch = readMetrics([file({ MetricDataResults: empty })]).series.map(({ metric }) => metric);
      const fromPrometheus = named.map((text) => text.split('"')[3] ?? "");
      expect(fromPrometheus.filter((name) => !(metricNames as string[]).includes(name))).to.deep.equal([]);
      const all = new Set([...fromPrometheus, ...fromCloudWatch]);
      expect(metricNames.filter((name) => !all.has(name))).to.deep.equal([]);
      for (const name of readdirSync(example("")).filter((one) => /^(metrics|prometheus|cloudwatch)\.json$/.test(one)))
        expect(readMetrics([example(name)]).series, name).to.have.length.above(1);
    });

    it("of the form of metrics is what the page shows", () => {
      const page = readFileSync(join(root, "docs", "advise.md"), "utf8");
      const [, shown = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
      expect(readMetrics([file(JSON.parse(shown))]).series[0]).to.deep.include({
        metric: "database.cpu",
        of: "primary",
      });
    });
  });
});
