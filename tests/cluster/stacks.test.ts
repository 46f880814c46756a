import { expect } from "chai";
import { keepsLogs } from "../../tiers/observability";
import { networkFacts } from "../support/network/facts";
import { networkProblems } from "../support/network/problems";
import { identityOf, type KubernetesObject, type StackPlan, stackPlan, stacks } from "../support/objects";
import { keepingLogs, observed } from "../support/observed";
import { podTemplatesOf } from "../support/pod-templates";
import { admissionProblems } from "./admission";
import { openCluster, withCertificates } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";
import { type Deployed, deploy } from "./deploy";
import { nodesOf } from "./nodes";
import { rightsProblems } from "./rights";
import { blockedBudgets, isReady, ours, podKind, rolledOut } from "./rollout";

const policyKind = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };

/** Returns the object without fields that change on their own. */
function settled({ status: _, metadata, ...rest }: KubernetesObject): object {
  const { resourceVersion: _1, managedFields: _2, ...lasting } = metadata as Record<string, unknown>;
  return { ...rest, metadata: lasting };
}

/** The stacks, and one during a handover. */
const variants: [title: string, stack: string, overrides: Record<string, string>][] = [
  ...stacks().map((stack): [string, string, Record<string, string>] => [stack, stack, {}]),
  ["startup during a handover", "startup", { "tierstack:handover": '{"image": "ghcr.io/acme/handover:0.1.0"}' }],
  ["startup, watched", "startup", observed("startup")],
  ["growth, watched, with logs", "growth", keepingLogs("growth")],
];

/** The account of what watches the product, and its pods, which ask the API server. */
const watcher = "ServiceAccount/observability/monitor";
/** Lists and figures, and no Secret. */
const sights = [
  "list,watch nodes",
  "get nodes/metrics",
  "list,watch pods,persistentvolumeclaims",
  "list,watch deployments,replicasets,statefulsets,daemonsets.apps",
  "list,watch jobs,cronjobs.batch",
  "list,watch horizontalpodautoscalers.autoscaling",
  "list,watch poddisruptionbudgets.policy",
  "list,watch leases.coordination.k8s.io",
  ...["app", "data"].flatMap((namespace) => ["list", "watch"].map((verb) => `${verb} pods in ${namespace}`)),
].map((right) => `${watcher} may ${right}`);
const watching = "a pod of Deployment/observability/monitor: mounts a token of its service account";

/** The account of the agents that read the nodes' logs, and what their namespace admits. */
const reader = "ServiceAccount/log-agent/log-agent";
const names = [
  "get,list,watch pods",
  "get nodes",
  "list namespaces",
  ...["app", "data", "kube-system"].flatMap((namespace) =>
    ["get pods", "list pods", "watch pods", "get nodes"].map((right) => `${right} in ${namespace}`),
  ),
].map((right) => `${reader} may ${right}`);
const reading = [
  "a pod of DaemonSet/log-agent/log-agent: mounts a token of its service account",
  "Namespace/log-agent: pod-security.kubernetes.io/enforce is privileged, not restricted",
];
const allowed: Record<string, string[]> = { [watcher]: sights, [reader]: names };

describe("stacks on a real API server", () => {
  for (const [title, stack, overrides] of variants)
    describe(title, () => {
      let cluster: ControlPlane;
      let plan: StackPlan;
      let deployed: Deployed;

      before(async () => {
        cluster = await openCluster();
        plan = await stackPlan(stack, overrides);
        plan.objects = withCertificates(plan.objects);
        for (const node of nodesOf(plan.spec, plan.objects)) await cluster.api.apply(node);
        deployed = await deploy(cluster.api, plan.objects);
      });

      after(() => cluster?.stop());

      it("is accepted completely, in dependency order, without warnings", () => {
        expect(deployed.rejected).to.deep.equal([]);
        expect(deployed.warnings).to.deep.equal([]);
        expect(deployed.objects.size).to.equal(plan.objects.length).and.to.be.greaterThan(40);
        process.stdout.write(`      ${title}: ${deployed.objects.size} objects accepted, none rejected, 0 warnings\n`);
      });

      it("has every pod admitted under the restricted standard, without a service account token", async () => {
        const objects = plan.objects.map(({ object }) => object);
        const { observability } = plan.spec;
        const expected = [...(observability.enabled ? [watching] : []), ...(keepsLogs(observability) ? reading : [])];
        expect(await admissionProblems(cluster.api, objects)).to.have.members(expected);
        const templates = objects.flatMap(podTemplatesOf);
        expect(templates.length).to.be.greaterThan(3);
        process.stdout.write(`      ${title}: ${templates.length} pod templates admitted\n`);
      });

      it("has its pods scheduled on the tier's initial nodes, and ready", async () => {
        await rolledOut(cluster.api);
        const pods = await cluster.api.list(podKind, undefined, ours);
        const serving = pods.filter(({ status }) => status.phase !== "Succeeded");
        expect(serving.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.name)).to.deep.equal([]);
        const names = new Set(pods.map(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"]));
        const templates = plan.objects.flatMap(({ object }) => podTemplatesOf(object));
        expect([...names].sort()).to.deep.equal(
          [...new Set(templates.map(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"]))].sort(),
        );
        const nodes = nodesOf(plan.spec, plan.objects).map(({ metadata }) => metadata.name);
        for (const { metadata } of plan.objects
          .map(({ object }) => object)
          .filter(({ kind }) => kind === "DaemonSet")) {
          const name = "app.kubernetes.io/name";
          const own = pods.filter((pod) => pod.metadata.labels?.[name] === metadata.labels?.[name]);
          expect(
            own.map(({ spec }) => spec.nodeName),
            metadata.name,
          ).to.have.members(nodes);
        }
        process.stdout.write(`      ${title}: ${pods.length} pods run\n`);
      });

      it("allows node drains: no disruption budget blocks eviction", async () => {
        expect(await blockedBudgets(cluster.api, plan.objects)).to.deep.equal([]);
      });

      it("grants its service accounts no permissions, but what watches the product the sight of it", async () => {
        const accounts = plan.objects.filter(({ object }) => object.kind === "ServiceAccount");
        expect(accounts.length).to.be.greaterThan(1);
        for (const { object } of accounts)
          expect(await rightsProblems(cluster.api, object), identityOf(object)).to.deep.equal(
            allowed[identityOf(object)] ?? [],
          );
      });

      it("allows exactly the traffic of the network matrix, by the policies on the server", async () => {
        const policies = await cluster.api.list(policyKind, undefined, ours);
        expect(policies.length).to.be.greaterThan(5);
        const stored = plan.objects.map(({ object }) => object).filter(({ kind }) => kind !== policyKind.kind);
        expect(networkProblems([...stored, ...policies], networkFacts(stack, overrides))).to.deep.equal([]);
      });

      it("changes nothing when it is applied again", async () => {
        for (const { object } of deployed.objects.values()) {
          const before = await cluster.api.find(object);
          const { body, warnings } = await cluster.api.apply(object);
          expect(settled(body), identityOf(object)).to.deep.equal(settled(before as KubernetesObject));
          expect(warnings).to.deep.equal([]);
        }
      });
    });
});
