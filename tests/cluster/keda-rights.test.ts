import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parseAllDocuments } from "yaml";
import { kedaValues } from "../../components/workers/keda";
import type { KubernetesObject } from "../support/objects";
import { openCluster } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";
import { dangerousRights } from "./rights";
import { moduleFolder } from "./tools/modules";

const group = "rbac.authorization.k8s.io";
const account = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "keda-operator", namespace: "keda" },
} satisfies KubernetesObject;

/** The operator's ClusterRole, from KEDA's Go module. It has all rights of the chart's role, and more. */
function operatorRole(): KubernetesObject {
  const file = join(moduleFolder("crds", "github.com/kedacore/keda/v2"), "config/rbac/role.yaml");
  const roles = parseAllDocuments(readFileSync(file, "utf8")).map((role) => role.toJS() as KubernetesObject);
  return roles.find(({ kind }) => kind === "ClusterRole") as KubernetesObject;
}

/**
 * Returns the bindings of that role as the chart renders them for our values: kedacore/charts 2.20.2,
 * `keda/templates/manager/clusterrolebindings.yaml`. The chart is in no registry that this suite reaches.
 */
function bindings({ watchNamespace }: Record<string, unknown>): KubernetesObject[] {
  const { name } = account.metadata;
  const rest = {
    apiVersion: `${group}/v1`,
    roleRef: { apiGroup: group, kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", ...account.metadata }],
  };
  if (!watchNamespace) return [{ ...rest, kind: "ClusterRoleBinding", metadata: { name } }];
  const namespaces = new Set([...String(watchNamespace).split(","), account.metadata.namespace]);
  return [...namespaces].map((namespace) => ({ ...rest, kind: "RoleBinding", metadata: { name, namespace } }));
}

describe("KEDA's operator on a real API server", () => {
  let cluster: ControlPlane;

  before(async () => {
    cluster = await openCluster();
    for (const name of ["app", "data", "keda"])
      await cluster.api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    await cluster.api.apply(account);
    await cluster.api.apply(operatorRole());
    for (const binding of bindings(kedaValues("app"))) await cluster.api.apply(binding);
  });

  after(() => cluster?.stop());

  for (const namespace of ["data", "default", "kube-system"])
    it(`has no rights in ${namespace}`, async () => {
      expect(await dangerousRights(cluster.api, account, namespace)).to.deep.equal([]);
    });

  it("keeps its rights where the workers are: it counts the jobs with the password of Redis", async () => {
    const rights = await dangerousRights(cluster.api, account, "app");
    expect(rights).to.include.members(["list secrets in app", "watch secrets in app", "create jobs.batch in app"]);
  });
});
