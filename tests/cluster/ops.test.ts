import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { connect } from "../../ops/connect";
import { runOps } from "../../ops/run";
import { placed } from "../ops/placed";
import { captured, type Run } from "../support/captured";
import { type KubernetesObject, type StackObject, stackPlan } from "../support/objects";
import { openCluster, withCertificates } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";
import { until } from "./control-plane/servers";
import { deploy } from "./deploy";
import { roomyNodes } from "./nodes";
import { belongings, ended, ender } from "./ops/ender";
import { rolledOut } from "./rollout";

const metadata = { name: "app", namespace: "app" };
const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata };
const autoscaler = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata };

/** Commands of `npm run ops` that act on Kubernetes, each for its effect, in a dry run, and with bad input. */
describe("ops on a real control plane", () => {
  const kubeconfig = process.env.KUBECONFIG;
  let cluster: ControlPlane;
  let objects: StackObject[];
  let folder: string;

  /** Runs a command as an operator does, by kubectl's configuration. */
  const opsAs = (agrees: boolean, ...argv: string[]): Promise<Run> =>
    placed({ cluster: parse(cluster.kubeconfig)["current-context"], stack: undefined }, agrees, (confirm) =>
      captured(() => runOps(argv, folder, { connect, confirm })),
    );
  const ops = (...argv: string[]) => opsAs(true, ...argv);

  const release = async (version: string) =>
    withCertificates((await stackPlan("startup", { "tierstack:image": `ghcr.io/acme/shop:${version}` })).objects);
  const found = async (reference: typeof deployment) => (await cluster.api.find(reference)) as KubernetesObject;
  const imageOf = async () => (await found(deployment)).spec.template.spec.containers[0].image;
  const minimum = async () => (await found(autoscaler)).spec.minReplicas;

  /** The stack's own object, as it is applied. */
  const own = ({ kind }: typeof deployment) =>
    objects.find(({ object }) => object.kind === kind && object.metadata.name === "app")?.object as KubernetesObject;

  /** Applies as Pulumi does, without force: a field that another manager has set to another value is a conflict. */
  const applied = async (object: KubernetesObject) =>
    cluster.api.ask(await cluster.api.pathOf(object, "app", "app"), {
      method: "PATCH",
      contentType: "application/apply-patch+yaml",
      query: { fieldManager: "tierstack", fieldValidation: "Strict" },
      body: object,
    });

  before(async () => {
    cluster = await openCluster();
    folder = mkdtempSync(join(tmpdir(), "tierstack-ops-"));
    process.env.KUBECONFIG = join(folder, "kubeconfig");
    writeFileSync(process.env.KUBECONFIG, cluster.kubeconfig, { mode: 0o600 });
    objects = await release("1.0.0");
    for (const node of roomyNodes(objects)) await cluster.api.apply(node);
    const deployed = await deploy(cluster.api, objects);
    expect(deployed.rejected).to.deep.equal([]);
    await rolledOut(cluster.api);
    objects = await release("2.0.0");
    expect((await deploy(cluster.api, objects, deployed)).rejected).to.deep.equal([]);
    await rolledOut(cluster.api);
  });

  after(async () => {
    if (kubeconfig === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = kubeconfig;
    if (folder) rmSync(folder, { recursive: true });
    await cluster?.stop();
  });

  describe("scale", () => {
    it("changes nothing in a dry run, or where nobody agrees", async () => {
      const dry = await ops("scale", "app", "3", "--for", "2h", "--dry-run");
      const stdout = "would run at least 3 pods of app for 2 h; nothing was changed\n";
      expect(dry).to.deep.equal({ code: 0, stdout, stderr: "" });
      const refused = await opsAs(false, "scale", "app", "3");
      expect([refused.code, refused.stderr]).to.deep.equal([1, "not confirmed; nothing was changed\n"]);
      expect(await minimum()).to.equal(own(autoscaler).spec.minReplicas);
    });

    it("raises the minimum, and leaves the field to Pulumi, whose next value is no conflict", async () => {
      const { code, stdout, stderr } = await ops("scale", "app", "3", "--for", "2h");
      expect([code, stderr]).to.deep.equal([0, ""]);
      expect(stdout).to.match(
        /^app: at least 3 pods, at most 3\nThe cluster puts 1 back at .* UTC, or npm run ops -- scale app off /,
      );
      expect(await minimum()).to.equal(3);
      const { managedFields } = (await found(autoscaler)).metadata as { managedFields?: { manager: string }[] };
      expect(managedFields?.map(({ manager }) => manager)).not.to.include("tierstack-ops");
      const { object } = { object: structuredClone(own(autoscaler)) };
      object.spec.minReplicas = 2;
      await applied(object);
      expect(await minimum()).to.equal(2);
    });

    it("has a minimum with an end: what ends it is admitted, and leaves no conflict and nothing of its own", async () => {
      const stacks = await minimum();
      await ops("scale", "app", "3", "--for", "2h");
      const job = await ender(cluster.api);
      const { schedule, timeZone, jobTemplate } = job?.spec ?? {};
      const end = new Date((await found(autoscaler)).metadata.annotations?.["tierstack.dev/minimum-until"] as string);
      expect([schedule, timeZone]).to.deep.equal([
        `${end.getUTCMinutes()} ${end.getUTCHours()} ${end.getUTCDate()} ${end.getUTCMonth() + 1} *`,
        "Etc/UTC",
      ]);
      const { spec } = jobTemplate.spec.template;
      // The namespace takes the pod as the Job's controller makes it.
      const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "end", namespace: "app" }, spec };
      expect((await cluster.api.create(pod, { dryRun: true })).warnings).to.deep.equal([]);
      // Another minimum holds by now: it is left as it is, and the CronJob goes.
      await cluster.api.merge({ ...autoscaler }, { spec: { minReplicas: 2 } });
      expect(await ended(cluster, spec)).to.contain("nothing to end (422)");
      expect([await minimum(), await ender(cluster.api)]).to.deep.equal([2, undefined]);
      await cluster.api.merge({ ...autoscaler }, { spec: { minReplicas: stacks } });

      await ops("scale", "app", "3", "--for", "2h");
      expect(await ended(cluster, (await ender(cluster.api))?.spec.jobTemplate.spec.template.spec)).to.contain(
        "minimum is back",
      );
      expect(await minimum()).to.equal(stacks);
      const { annotations, managedFields } = (await found(autoscaler)).metadata as {
        annotations?: Record<string, string>;
        managedFields?: { manager: string }[];
      };
      expect(Object.keys(annotations ?? {}).filter((name) => name.includes("minimum"))).to.deep.equal([]);
      expect(managedFields?.map(({ manager }) => manager)).not.to.include("tierstack-ops");
      // The next pulumi up may set another.
      const next = structuredClone(own(autoscaler));
      next.spec.minReplicas = 2;
      await applied(next);
      await until("what belonged to it", async () => (await belongings(cluster.api)).length === 0 || undefined);
    });

    it("has no end any more where it is raised without one, or put back", async () => {
      await ops("scale", "app", "3", "--for", "2h");
      await ops("scale", "app", "3");
      expect(await ender(cluster.api)).to.equal(undefined);
      await ops("scale", "app", "3", "--for", "2h");
      await ops("scale", "app", "off");
      expect(await ender(cluster.api)).to.equal(undefined);
    });

    it("is put back, once", async () => {
      await ops("scale", "app", "3");
      expect((await ops("scale", "app", "off")).stdout).to.equal(
        // That which Pulumi has set since.
        "app: the minimum is 2 again; the autoscaler removes pods that it does not need\n",
      );
      expect(await minimum()).to.equal(2);
      expect((await ops("scale", "app", "off")).stdout).to.equal(
        "app: the minimum is the stack's, 2; nothing to put back\n",
      );
    });

    it("refuses more pods than the stack's maximum, and a target that there is not", async () => {
      expect(await ops("scale", "app", "4")).to.deep.equal({
        code: 2,
        stdout: "",
        stderr:
          "scale app: given 4; allowed: at most 3, for which the database has connections and the nodes have room; fix: " +
          "write 3, or raise maxReplicas in the stack's file (npm run advise says what that asks for)\n",
      });
      expect((await ops("scale", "ap", "2")).stderr).to.equal(
        "command line: given ap; allowed: app, default; fix: did you mean app?\n",
      );
    });
  });

  describe("restart", () => {
    const restarted = async () =>
      (await found(deployment)).spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"];

    it("replaces the pods; not in a dry run", async () => {
      expect((await ops("restart", "app", "--dry-run")).stdout).to.equal(
        "would restart the pods of app/app; nothing was changed\n",
      );
      expect(await restarted()).to.equal(undefined);
      expect((await ops("restart", "app")).stdout).to.equal(
        "restarting app/app: npm run ops -- status shows whether its pods are ready\n",
      );
      expect(await restarted()).to.match(/^\d{4}-\d\d-\d\dT/);
      await rolledOut(cluster.api);
      // What Pulumi applies next neither conflicts nor restarts the pods again.
      const { generation } = (await found(deployment)).metadata;
      await applied(own(deployment));
      expect((await found(deployment)).metadata.generation).to.equal(generation);
    });

    it("reaches PgBouncer and workers, and names what there is", async () => {
      for (const name of ["pgbouncer", "default"]) expect((await ops("restart", name, "--dry-run")).code).to.equal(0);
      expect(await ops("restart", "pgbuncer")).to.deep.equal({
        code: 2,
        stdout: "",
        stderr: "command line: given pgbuncer; allowed: app, pgbouncer, default; fix: did you mean pgbouncer?\n",
      });
    });
  });

  describe("rollback", () => {
    // Revision 3 is the restart of 2.0.0.
    it("returns to the pods of the revision before; not in a dry run", async () => {
      await cluster.api.apply({
        ...own(deployment),
        spec: {
          ...own(deployment).spec,
          template: withImage(own(deployment), "ghcr.io/acme/shop:3.0.0"),
        },
      });
      await rolledOut(cluster.api);
      const dry = await ops("rollback", "--dry-run");
      expect(dry.stdout).to.match(
        /^app\/app: revision \d+ to \d+, from ghcr\.io\/acme\/shop:3\.0\.0 to ghcr\.io\/acme\/shop:2\.0\.0\nwould roll app\/app back; /,
      );
      expect(await imageOf()).to.equal("ghcr.io/acme/shop:3.0.0");
      const { code, stdout } = await ops("rollback");
      expect(code).to.equal(0);
      expect(stdout).to.contain("set tierstack:image there to the image");
      expect(await imageOf()).to.equal("ghcr.io/acme/shop:2.0.0");
      await rolledOut(cluster.api);
    });

    it("does not stand in the way of the deployment that repairs", async () => {
      const repaired = structuredClone(own(deployment));
      repaired.spec.template = withImage(repaired, "ghcr.io/acme/shop:4.0.0");
      await applied(repaired);
      expect(await imageOf()).to.equal("ghcr.io/acme/shop:4.0.0");
      await rolledOut(cluster.api);
    });

    it("refuses a revision whose Secret is gone", async () => {
      const changed = structuredClone(own(deployment));
      changed.spec.template.spec.containers[0].envFrom = [{ secretRef: { name: "app-env-gone" } }];
      await cluster.api.apply(changed);
      const next = structuredClone(own(deployment));
      next.spec.template = withImage(next, "ghcr.io/acme/shop:5.0.0");
      await until("the revision", async () => {
        await cluster.api.apply(next);
        return true;
      });
      await until("the later revision", async () => {
        const { code, stderr } = await ops("rollback", "--yes");
        return (code === 1 && stderr.includes("secrets/app-env-gone")) || undefined;
      });
      expect(await imageOf()).to.equal("ghcr.io/acme/shop:5.0.0");
      await rolledOut(cluster.api);
    });

    it("refuses a queue that there is not", async () => {
      const { code, stderr } = await ops("rollback", "mail");
      expect([code, stderr]).to.deep.equal([
        2,
        "command line: given mail; allowed: app, default; fix: name one of them\n",
      ]);
    });
  });

  describe("certificates and status", () => {
    it("tell a certificate that cannot be read: of the authority, and without a kubelet of every pod", async () => {
      const { code, stdout } = await ops("certificates");
      expect(code).to.equal(1);
      // The authority of a plan is a stand-in.
      expect(stdout).to.contain("the internal authority\n  expires: not read; note: no certificate in PEM\n");
      expect(stdout)
        .to.contain("app/app")
        .and.to.match(/a connection that\s+failed/);
      expect(stdout.split("\n").filter((line) => line.length > 100)).to.deep.equal([]);
    });

    it("name what is not well, since when, and what helps", async () => {
      await cluster.api.merge(
        { ...deployment, kind: "Deployment" },
        {
          spec: { template: { spec: { nodeSelector: { "tierstack.dev/nowhere": "true" } } } },
        },
      );
      let said = "";
      await until("a pod that no node takes", async () => {
        said = (await ops("status")).stdout;
        return said.includes("no node has room") || undefined;
      });
      expect(said).to.match(/^\d+ things are not well\n/);
      expect(said).to.match(/pod app\/app-\S+: no node has room \(/);
      expect(said).to.contain("kubectl -n app describe pod app-");
      expect(said.split("\n").filter((line) => line.length > 100)).to.deep.equal([]);
    });
  });

  it("a context that there is not is refused, with those that there are", async () => {
    const { code, stderr } = await ops("status", "--context", "nowhere");
    expect(code).to.equal(2);
    expect(stderr).to.match(/^--context: given nowhere; allowed: \S+; fix: choose one of them\n$/);
  });

  it("a cluster that does not answer is told in one line", async () => {
    const away = cluster.kubeconfig.replace(/https:\/\/127\.0\.0\.1:\d+/, "https://127.0.0.1:1");
    writeFileSync(process.env.KUBECONFIG as string, away);
    const { code, stderr } = await ops("status");
    writeFileSync(process.env.KUBECONFIG as string, cluster.kubeconfig);
    expect([code, stderr]).to.deep.equal([
      1,
      "Kubernetes API: given https://127.0.0.1:1, which does not answer (ECONNREFUSED); allowed: a cluster that answers " +
        "kubectl get pods; fix: name its stack with -s, or its context with --context\n",
    ]);
  });
});

/** A Deployment's template with another image of the application. */
function withImage({ spec }: KubernetesObject, image: string) {
  const template = structuredClone(spec.template);
  template.spec.containers[0].image = image;
  return template;
}
