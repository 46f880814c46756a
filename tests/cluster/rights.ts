import { identityOf, type KubernetesObject } from "../support/objects";
import type { Api } from "./api/api";

/** A right, as `verb resource.group`. */
type Right = string;

const authorization = "authorization.k8s.io/v1";

/** Who a service account is to the API server. */
function identity(namespace: string, name: string) {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
}

/** With any of these a pod that was broken into reads secrets, becomes another or takes the cluster. */
const dangerous = [
  ...["get", "list", "watch"].flatMap((verb) => [`${verb} secrets`, `${verb} configmaps`, `${verb} pods`]),
  ...["create", "update", "patch", "delete"].flatMap((verb) => [`${verb} pods`, `${verb} deployments.apps`]),
  ...["create pods/exec", "create pods/attach", "create pods/portforward", "get pods/log"],
  ...["create serviceaccounts/token", "impersonate users", "impersonate serviceaccounts"],
  ...["create rolebindings.rbac.authorization.k8s.io", "bind clusterroles.rbac.authorization.k8s.io"],
  ...["escalate clusterroles.rbac.authorization.k8s.io", "update networkpolicies.networking.k8s.io"],
  ...["get nodes", "update namespaces", "create validatingwebhookconfigurations.admissionregistration.k8s.io"],
];

/** Those of the dangerous rights that the authorizer grants, in a namespace. */
async function granted(api: Api, account: ReturnType<typeof identity>, namespace: string): Promise<Right[]> {
  const answers = dangerous.map(async (right) => {
    const [verb, what = ""] = right.split(" ");
    const [path = "", ...group] = what.split(".");
    const [resource, subresource] = path.split("/");
    const resourceAttributes = { verb, group: group.join("."), resource, subresource, namespace };
    const { body } = await api.ask<{ status: { allowed: boolean } }>(`/apis/${authorization}/subjectaccessreviews`, {
      method: "POST",
      body: { apiVersion: authorization, kind: "SubjectAccessReview", spec: { ...account, resourceAttributes } },
    });
    return body.status.allowed ? [`${right} in ${namespace}`] : [];
  });
  return (await Promise.all(answers)).flat();
}

interface Rule {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
}

/** What Kubernetes lets everybody do: ask what they may do, and who they are. */
const isEverybodys = ({ verbs, apiGroups, resources }: Rule): boolean =>
  verbs.every((verb) => verb === "create") &&
  apiGroups.every((group) => group === "authorization.k8s.io" || group === "authentication.k8s.io") &&
  resources.every((resource) => resource.startsWith("selfsubject"));

/** Every rule that holds for an account in its own namespace, beyond everybody's, by the server's own list. */
async function rules(api: Api, account: ReturnType<typeof identity>, namespace: string): Promise<Right[]> {
  const { body } = await api.ask<{ status: { resourceRules: Rule[] } }>(
    `/apis/${authorization}/selfsubjectrulesreviews`,
    {
      method: "POST",
      headers: { "Impersonate-User": account.user, "Impersonate-Group": account.groups },
      body: { apiVersion: authorization, kind: "SelfSubjectRulesReview", spec: { namespace } },
    },
  );
  return body.status.resourceRules
    .filter((rule) => !isEverybodys(rule))
    .map(({ verbs, apiGroups, resources }) => `${verbs} ${resources}${apiGroups.join() && `.${apiGroups}`}`);
}

/**
 * What a service account may do beyond everybody's rights, a line each; the stack's pods have no business with the API.
 * Asked twice: for the whole list of rules in the account's namespace, and, by a review each, for what would be worst
 * in the stack's namespaces and the cluster's own.
 */
export async function rightsProblems(api: Api, account: KubernetesObject): Promise<string[]> {
  const { namespace = "default", name } = account.metadata;
  const who = identity(namespace, name);
  const found = await rules(api, who, namespace);
  for (const place of ["app", "data", "kube-system"]) found.push(...(await granted(api, who, place)));
  return found.map((right) => `${identityOf(account)} may ${right}`);
}
