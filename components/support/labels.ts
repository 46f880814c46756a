/** Returns the labels that select the pods of a workload. They never change, because selectors are immutable. */
export function selectorLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "tierstack" };
}

/** Returns all labels of an object, including the selector's. */
export function labelsOf(name: string, component: string): Record<string, string> {
  return {
    ...selectorLabels(name),
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/managed-by": "pulumi",
  };
}
