import { identityOf, type KubernetesObject, type StackObject } from "../../support/objects";

/** Checks of a stack's objects. */
export const checks = {
  schema: "the schema check in memory (`npm test`)",
  network: "the network matrix in memory (`npm test`)",
  kubeconform: "kubeconform, strict, on the written manifests",
  "kube-score": "kube-score on the written manifests",
  "API server": "the API server: strict server-side apply over the existing stack",
  admission: "admission of every pod under the restricted standard, without a service account token",
  rights:
    "the API server's authorizer: the permissions of a service account, and a review of each dangerous permission",
  disruption: "the disruption controller: whether a pod can be evicted",
} as const;

export type Check = keyof typeof checks;

/** A seeded fault in the objects of a stack. */
export interface Fault {
  title: string;
  stack: "mvp" | "growth";
  /** Prefix of the object's identity, such as `Deployment/app/app`. The names of Jobs end in a hash. */
  object: string;
  /** Breaks the object; `null` removes it. */
  change: ((object: KubernetesObject) => void) | null;
  /** Objects to add. */
  extra?: KubernetesObject[];
  /** The checks that must find it. No other check may. */
  caughtBy: Check[];
}

/** Identity of the object that most faults change. */
export const app = "Deployment/app/app";
export const container = ({ spec }: KubernetesObject) => spec.template.spec.containers[0];

/** Returns the objects with the fault, and those of them that it changed. Throws if no object matches. */
export function withFault(
  objects: StackObject[],
  { object: wanted, change, extra = [] }: Fault,
): { objects: KubernetesObject[]; touched: KubernetesObject[] } {
  const found = objects.find(({ object }) => identityOf(object).startsWith(wanted));
  if (!found) throw new Error(`no object matches ${wanted}`);
  const changed = structuredClone(found.object);
  change?.(changed);
  const rest = objects.filter((entry) => entry !== found).map(({ object }) => object);
  const touched = [...(change ? [changed] : []), ...extra];
  return { objects: [...rest, ...touched], touched };
}
