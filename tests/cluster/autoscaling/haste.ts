import type { KubernetesObject } from "../../support/objects";

interface Rules {
  stabilizationWindowSeconds?: number;
  policies?: { periodSeconds: number }[];
}

/** Seconds divided by a factor: whole ones, as the API has it, and none only where there were none. */
const hastened = (seconds: number, factor: number) => (seconds === 0 ? 0 : Math.max(1, Math.round(seconds / factor)));

/** The same HorizontalPodAutoscaler with the windows and periods of its behaviour divided by a factor, a second at the
 * least. What it decides is unchanged; only how long it waits. */
export function inHaste(autoscaler: KubernetesObject, factor: number): KubernetesObject {
  const rules = Object.entries(autoscaler.spec.behavior as Record<string, Rules>).map(([direction, rule]) => [
    direction,
    {
      ...rule,
      ...(rule.stabilizationWindowSeconds !== undefined && {
        stabilizationWindowSeconds: hastened(rule.stabilizationWindowSeconds, factor),
      }),
      ...(rule.policies && {
        policies: rule.policies.map((policy) => ({
          ...policy,
          periodSeconds: hastened(policy.periodSeconds, factor),
        })),
      }),
    },
  ]);
  return { ...autoscaler, spec: { ...autoscaler.spec, behavior: Object.fromEntries(rules) } };
}
