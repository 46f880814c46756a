import { expect } from "chai";
import { clusterRules, namespacedRules, reportedKinds } from "../../../components/observability/rights";

describe("what the monitor may see of the API server", () => {
  const all = [...namespacedRules, ...clusterRules];

  it("is no Secret and no ConfigMap, and it changes nothing", () => {
    const resources = all.flatMap((rule) => rule.resources as string[]);
    expect(resources).to.not.include.oneOf(["secrets", "configmaps", "*", "nodes/proxy", "pods/exec", "pods/log"]);
    const verbs = new Set(all.flatMap((rule) => rule.verbs as string[]));
    expect([...verbs].sort()).to.deep.equal(["get", "list", "watch"]);
    expect(clusterRules).to.deep.include({ apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] });
  });

  it("is what kube-state-metrics reports", () => {
    expect(reportedKinds).to.deep.equal([
      "cronjobs",
      "daemonsets",
      "deployments",
      "horizontalpodautoscalers",
      "jobs",
      "leases",
      "nodes",
      "persistentvolumeclaims",
      "poddisruptionbudgets",
      "pods",
      "replicasets",
      "statefulsets",
    ]);
  });
});
