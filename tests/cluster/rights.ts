import { identityOf, type KubernetesObject } from "../support/objects";
import type { Api } from "./api/api";

/** A permission, as `verb resource.group`. */
type Right = string;

const authorization = "authorization.k8s.io/v1";

/** Returns the user and groups of a service account. */
function identity(namespace: string, name: string) {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
}

/** Permissions that let a compromised pod read Secrets, impersonate other accounts or take over the cluster. */
const dangerous = [
  ...["get", "list", "watch"].flatMap((verb) => [`${verb} secrets`, `${verb} configmaps`, `${verb} pods`]),
  ...["create", "update", "patch", "delete"].flatMap((verb) => [
    `${verb} pods`,
    `${verb} deployments.apps`,
    `${verb} jobs.batch`,
  ]),
  ...["create pods/exec", "create pods/attach", "create pods/portforward", "get pods/log"],
  ...["create serviceaccounts/token", "impersonate users", "impersonate serviceaccounts"],
  ...["create rolebindings.rbac.authorization.k8s.io", "bind clusterroles.rbac.authorization.k8s.io"],
  ...["escalate clusterroles.rbac.authorization.k8s.io", "update networkpolicies.networking.k8s.io"],
  ...["get nodes", "update namespaces", "create validatingwebhookconfigurations.admissionregistration.k8s.io"],
];

/** Returns the dangerous permissions that the authorizer grants in a namespace. */
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

/** Returns the dangerous permissions of a service account in a namespace, one per line. */
export function dangerousRights(api: Api, { metadata }: KubernetesObject, namespace: string): Promise<Right[]> {
  return granted(api, identity(metadata.namespace ?? "default", metadata.name), namespace);
}

interface Rule {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
}

/** Whether Kubernetes grants the rule to every user: self-reviews of permissions and identity. */
const isEverybodys = ({ verbs, apiGroups, resources }: Rule): boolean =>
  verbs.every((verb) => verb === "create") &&
  apiGroups.every((group) => group === "authorization.k8s.io" || group === "authentication.k8s.io") &&
  resources.every((resource) => resource.startsWith("selfsubject"));

/** Returns the rules of an account in its own namespace, beyond those of every user, from a SelfSubjectRulesReview. */
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
 * Returns the permissions of a service account beyond those of every user, one per line. The stack's pods need no
 * access to the API. Checks twice: the list of rules in the account's namespace, and an access review for each
 * dangerous permission in the stack's namespaces and the system namespaces.
 */
export async function rightsProblems(api: Api, account: KubernetesObject): Promise<string[]> {
  const { namespace = "default", name } = account.metadata;
  const who = identity(namespace, name);
  const found = await rules(api, who, namespace);
  for (const place of ["app", "data", "kube-system"]) found.push(...(await granted(api, who, place)));
  return found.map((right) => `${identityOf(account)} may ${right}`);
}
