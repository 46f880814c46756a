import { identityOf, type KubernetesObject, type StackObject } from "../../support/objects";

/** What looks at the objects of a stack. */
export const checks = {
  schema: "the schema check in memory (part of `npm test`)",
  network: "the network matrix in memory (part of `npm test`)",
  kubeconform: "kubeconform, strict, on the written manifests",
  "kube-score": "kube-score on the written manifests",
  "API server": "strict server-side apply over the deployed stack",
  admission: "admission of every pod under the restricted standard, without a service account token",
  rights: "the API server's authorizer: the rights of a service account as a list, and the dangerous ones one by one",
  disruption: "the disruption controller: whether a pod can be evicted",
} as const;

export type Check = keyof typeof checks;

/** One thing made wrong in the objects of a stack. */
export interface Fault {
  title: string;
  stack: "mvp" | "growth";
  /** Beginning of the object's identity, `Deployment/app/app`; the names of Jobs end in a hash. */
  object: string;
  /** Makes the object wrong; `null` takes it away. */
  change: ((object: KubernetesObject) => void) | null;
  /** An object that should not be there, beside the one above. */
  extra?: KubernetesObject[];
  /** Every check that must find it, and no other does. */
  caughtBy: Check[];
}

/** The object that most faults are made in, and its first container. */
export const app = "Deployment/app/app";
export const container = ({ spec }: KubernetesObject) => spec.template.spec.containers[0];

/** The objects with the fault in them, and those of them that it touches. */
export function withFault(
  objects: StackObject[],
  { object: wanted, change, extra = [] }: Fault,
): { objects: KubernetesObject[]; touched: KubernetesObject[] } {
  const found = objects.find(({ object }) => identityOf(object).startsWith(wanted));
  if (!found) throw new Error(`no object begins with ${wanted}`);
  const changed = structuredClone(found.object);
  change?.(changed);
  const rest = objects.filter((entry) => entry !== found).map(({ object }) => object);
  const touched = [...(change ? [changed] : []), ...extra];
  return { objects: [...rest, ...touched], touched };
}
