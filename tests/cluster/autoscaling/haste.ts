import type { KubernetesObject } from "../../support/objects";

interface Rules {
  stabilizationWindowSeconds?: number;
  policies?: { periodSeconds: number }[];
}

/** Divides seconds by a factor. Rounds to whole seconds, as the API requires, and to zero only for zero. */
const hastened = (seconds: number, factor: number) => (seconds === 0 ? 0 : Math.max(1, Math.round(seconds / factor)));

/**
 * Returns the HorizontalPodAutoscaler with the windows and periods of its behavior divided by a factor, to at least one
 * second. It makes the same decisions, only faster.
 */
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
