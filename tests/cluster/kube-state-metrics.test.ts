import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { dashboards } from "../../components/observability/dashboards/dashboards";
import { needsOf, panelNeeds } from "../../components/observability/dashboards/needs";
import { reportedKinds } from "../../components/observability/rights";
import { recorded } from "../../ops/drills/record";
import { ApiServer } from "../../ops/kube/kube";
import { worldOf } from "../ops/world";
import { exporter } from "../support/exporters";
import { kubeStateMetricsFile, samplesOf } from "../support/expositions";
import { stackPlan } from "../support/objects";
import { observed } from "../support/observed";
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

/** What drills measured: a restore, and a failover whose last run was not as predicted. */
const runs = [
  {
    drill: "restore",
    command: "restore",
    rtoSeconds: 75,
    rpoSeconds: 41,
    wrong: "",
    endedMs: Date.parse("2024-02-29T04:00:00Z"),
  },
  ...["", "it was not back"].map((wrong, at) => ({
    drill: "failover-postgres",
    command: "failover postgres",
    rtoSeconds: 9,
    rpoSeconds: 0,
    wrong,
    endedMs: Date.parse(`2024-02-29T05:0${at}:00Z`),
  })),
];

function configOf(kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return config;
}

/** The kubeconfig of a ServiceAccount. */
async function kubeconfigAs({ api, kubeconfig }: ControlPlane, account: { namespace: string; name: string }) {
  const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`;
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  const { status } = (await api.ask<{ status: { token: string } }>(path, { method: "POST", body })).body;
  const config = parse(kubeconfig);
  return stringify({ ...config, users: [{ name: config.users[0].name, user: { token: status.token } }] });
}

const report = { name: "report", schedule: "15 3 * * *", command: ["report"] };
/** Record the exposition again with `TIERSTACK_RECORD=true`, after another version or other queries. */
describe("kube-state-metrics on a real API server", () => {
  let cluster: ControlPlane;
  let reporter: ChildProcess;
  let exposition: string;
  let log = "";
  let folder: string;

  before(async () => {
    const program = exporter("kube-state-metrics");
    cluster = await openCluster();
    const app = JSON.stringify({ port: 9898, healthPath: "/healthz", schedules: [report] });
    const { objects } = await stackPlan("startup", { "tierstack:app": app, ...observed("startup", { enabled: true }) });
    for (const node of roomyNodes(objects)) await cluster.api.apply(node);
    expect((await deploy(cluster.api, withCertificates(objects))).rejected).to.deep.equal([]);
    await rolledOut(cluster.api);
    // What its controller would write after the schedule's first run.
    const lastSuccessfulTime = "2026-11-29T03:15:30Z";
    const status = { lastSuccessfulTime, lastScheduleTime: lastSuccessfulTime };
    for (const { object } of objects.filter((entry) => entry.object.kind === "CronJob"))
      await cluster.api.merge(object, { status }, "status");
    for (const { endedMs, ...run } of runs) {
      // When the run ends, by the server's clock of whole seconds.
      const nowMs = async () => endedMs - 1000;
      const kube = Object.assign(new ApiServer(configOf(cluster.kubeconfig)), { nowMs });
      expect(await recorded({ ...worldOf({}), kube }, run)).to.deep.equal([]);
    }
    folder = mkdtempSync(join(tmpdir(), "tierstack-kubeconfig-"));
    const kubeconfig = join(folder, "kubeconfig");
    // As the pod that runs it, which has no rights but those of the stack's Roles.
    writeFileSync(kubeconfig, await kubeconfigAs(cluster, { namespace: "observability", name: "monitor" }), {
      mode: 0o600,
    });
    const [port, own] = [await freePort(), await freePort()];
    reporter = spawn(
      program,
      [
        `--kubeconfig=${kubeconfig}`,
        ...[`--host=127.0.0.1`, `--port=${port}`, `--telemetry-host=127.0.0.1`, `--telemetry-port=${own}`],
        "--namespaces=app,data",
        `--resources=${reportedKinds.join(",")}`,
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    reporter.stderr?.on("data", (part) => {
      log += part;
    });
    exposition = await until("kube-state-metrics", async () => {
      const text = await fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.text(),
        () => "",
      );
      const lists = ["kube_node_info", "kube_pod_info", "kube_lease_renew_time"];
      return lists.every((metric) => samplesOf(text, [metric]).length > 0) ? text : undefined;
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

  it("may list all that it is to report, as the account of its pod", () => {
    expect(log.split("\n").filter((line) => /forbidden/i.test(line))).to.deep.equal([]);
  });

  it("exports the figures of drills, and of no other Lease", () => {
    const figures = samplesOf(exposition, ["kube_lease_renew_time"]).map((line) => {
      const [, lease, value] = /lease="([^"]+)".*} (\S+)$/.exec(line) ?? [];
      return [lease, Number(value)];
    });
    const [restored, first, second] = runs.map(({ endedMs }) => endedMs / 1000);
    expect(figures.sort()).to.deep.equal([
      ["drill-failover-postgres", first],
      ["drill-failover-postgres-last", second],
      ["drill-failover-postgres-rpo", 0],
      ["drill-failover-postgres-rto", 9],
      ["drill-restore", restored],
      ["drill-restore-last", restored],
      ["drill-restore-rpo", 41],
      ["drill-restore-rto", 75],
    ]);
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
