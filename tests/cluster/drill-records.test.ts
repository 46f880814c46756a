import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { connect } from "../../ops/connect";
import type { Outcome } from "../../ops/drills/drill";
import { recordsOf } from "../../ops/drills/record";
import { runProgram } from "../../ops/run";
import { placed } from "../ops/placed";
import { storm } from "../ops/storm";
import { captured } from "../support/captured";
import type { KubernetesObject } from "../support/objects";
import { openCluster } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";

const coordination = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };

describe("what drills keep, on a real API server", () => {
  const kubeconfig = process.env.KUBECONFIG;
  let cluster: ControlPlane;
  let folder: string;

  before(async () => {
    cluster = await openCluster({ pods: false });
    folder = mkdtempSync(join(tmpdir(), "tierstack-drills-"));
    process.env.KUBECONFIG = join(folder, "kubeconfig");
    writeFileSync(process.env.KUBECONFIG, cluster.kubeconfig, { mode: 0o600 });
    for (const name of ["app", "data"]) {
      const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "tierstack" };
      await cluster.api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
    }
  });

  after(async () => {
    if (kubeconfig === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = kubeconfig;
    if (folder) rmSync(folder, { recursive: true });
    await cluster?.stop();
  });

  /** Runs a drill with an outcome, by kubectl's configuration. */
  const drill = (outcome: Partial<Outcome>, ...argv: string[]) =>
    placed({ cluster: parse(cluster.kubeconfig)["current-context"], stack: undefined }, true, (confirm) =>
      captured(() =>
        runProgram(
          storm(async () => outcome),
          ["storm", "postgres", ...argv],
          folder,
          { connect, confirm },
        ),
      ),
    );
  const lease = (name: string) =>
    cluster.api.find({ ...coordination, metadata: { name: `drill-storm-postgres${name}`, namespace: "data" } });
  const renewed = async (name: string) => (await lease(name))?.spec?.renewTime;
  const noted = async () => (await lease(""))?.metadata.annotations ?? {};

  it("is nothing after a dry run", async () => {
    expect((await drill({}, "--dry-run")).code).to.equal(0);
    const all: KubernetesObject[] = await cluster.api.list(coordination, "data");
    expect(all).to.deep.equal([]);
  });

  it("is no verified run after a first one that was not as predicted", async () => {
    expect((await drill({ wrong: ["a row is gone"] })).code).to.equal(1);
    expect(await renewed("")).to.equal(undefined);
    expect(await noted()).to.include({ "tierstack.dev/drill-wrong": "a row is gone" });
  });

  it("is the end and the times of one that was, and the next one takes their place", async () => {
    const { code, stdout } = await drill({ rpoSeconds: undefined });
    expect(code).to.equal(0);
    expect(stdout).to.match(/As predicted\.\n$/);
    expect(await noted()).not.to.have.any.keys("tierstack.dev/drill-wrong", "tierstack.dev/drill-rpo-seconds");
    const first = await renewed("");
    expect(first).to.equal(await renewed("-last"));
    expect([await renewed("-rto"), await lease("-rpo")]).to.deep.equal(["1970-01-01T00:00:45.000000Z", undefined]);
    await drill({ rtoSeconds: 12, rpoSeconds: 0 });
    expect(Date.parse(await renewed(""))).to.be.above(Date.parse(first));
    expect(await renewed("-rto")).to.equal("1970-01-01T00:00:12.000000Z");
    expect(await renewed("-rpo")).to.equal("1970-01-01T00:00:00.000000Z");
  });

  it("keeps the verified run where a later one was not as predicted, and is read as it was written", async () => {
    const verified = await renewed("");
    expect((await drill({ rtoSeconds: 61 })).code).to.equal(1);
    expect(await renewed("")).to.equal(verified);
    const last = await renewed("-last");
    expect(Date.parse(last)).to.be.above(Date.parse(verified));
    const world = await connect({ stack: undefined, context: undefined, cwd: undefined }, folder);
    expect(await recordsOf(world)).to.deep.equal([
      {
        drill: "storm-postgres",
        command: "storm postgres",
        endedMs: Date.parse(last),
        verifiedMs: Date.parse(verified),
        rtoSeconds: 61,
        rpoSeconds: 0,
        wrong: "RTO was 1 min 1 s, predicted at most 1 min",
      },
    ]);
  });
});
