import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { dashboards } from "../../components/observability/dashboards/dashboards";
import { needsOf, panelNeeds } from "../../components/observability/dashboards/needs";
import { reportedKinds } from "../../components/observability/rights";
import { exporter } from "../support/exporters";
import { kubeStateMetricsFile, samplesOf } from "../support/expositions";
import { stackPlan } from "../support/objects";
import { openCluster, withCertificates } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";
import { freePort, until } from "./control-plane/servers";
import { deploy } from "./deploy";
import { roomyNodes } from "./nodes";
import { rolledOut } from "./rollout";

const job = "kube-state-metrics";

/** What the dashboards read of kube-state-metrics, the labels to choose from included. */
const needed = [
  ...new Set(
    dashboards
      .flatMap(({ rows, choices }) => [
        ...rows.flatMap(({ panels }) => panels.flatMap(panelNeeds)),
        ...choices.filter(({ series }) => series.includes(`job="${job}"`)).flatMap(({ series }) => needsOf(series)),
      ])
      .filter((need) => need.job === job)
      .map(({ metric }) => metric),
  ),
].sort();

const report = { name: "report", schedule: "15 3 * * *", command: ["report"] };
/** Record the exposition again with `TIERSTACK_RECORD=true`, after another version or other queries. */
describe("kube-state-metrics on a real API server", () => {
  let cluster: ControlPlane;
  let reporter: ChildProcess;
  let exposition: string;
  let folder: string;

  before(async () => {
    const program = exporter("kube-state-metrics");
    cluster = await openCluster();
    const app = JSON.stringify({ port: 9898, healthPath: "/healthz", schedules: [report] });
    const { objects } = await stackPlan("startup", { "tierstack:app": app });
    for (const node of roomyNodes(objects)) await cluster.api.apply(node);
    expect((await deploy(cluster.api, withCertificates(objects))).rejected).to.deep.equal([]);
    await rolledOut(cluster.api);
    // What its controller would write after the schedule's first run.
    const lastSuccessfulTime = "2026-11-29T03:15:30Z";
    const status = { lastSuccessfulTime, lastScheduleTime: lastSuccessfulTime };
    for (const { object } of objects.filter((entry) => entry.object.kind === "CronJob"))
      await cluster.api.merge(object, { status }, "status");
    folder = mkdtempSync(join(tmpdir(), "tierstack-kubeconfig-"));
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
    const [port, own] = [await freePort(), await freePort()];
    reporter = spawn(
      program,
      [
        `--kubeconfig=${kubeconfig}`,
        ...[`--host=127.0.0.1`, `--port=${port}`, `--telemetry-host=127.0.0.1`, `--telemetry-port=${own}`],
        "--namespaces=app,data",
        `--resources=${reportedKinds.join(",")}`,
      ],
      { stdio: "ignore" },
    );
    exposition = await until("kube-state-metrics", async () => {
      const text = await fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.text(),
        () => "",
      );
      return samplesOf(text, ["kube_node_info"]).length > 0 && samplesOf(text, ["kube_pod_info"]).length > 0
        ? text
        : undefined;
    });
  });

  after(async () => {
    reporter?.kill("SIGKILL");
    await cluster?.stop();
    if (folder) rmSync(folder, { recursive: true });
  });

  it("exports every metric that a dashboard reads, about the objects of a stack", () => {
    const exported = new Set(samplesOf(exposition, needed).map((line) => /^\w+/.exec(line)?.[0]));
    expect(needed.filter((metric) => !exported.has(metric))).to.deep.equal([]);
  });

  it("exports the recorded names and labels", () => {
    const lines = samplesOf(exposition, needed);
    if (process.env.TIERSTACK_RECORD === "true") writeFileSync(kubeStateMetricsFile, `${lines.join("\n")}\n`);
    /** A metric with the names of its labels. */
    const formsOf = (samples: string[]) =>
      [...new Set(samples.map((line) => line.replace(/="(?:[^"\\]|\\.)*"/g, "").replace(/ \S+$/, "")))].sort();
    expect(formsOf(readFileSync(kubeStateMetricsFile, "utf8").trim().split("\n"))).to.deep.equal(formsOf(lines));
  });
});
