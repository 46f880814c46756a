import { parse } from "yaml";

interface Kubeconfig {
  "current-context"?: string;
  contexts?: { name?: string; context?: { cluster?: string } }[];
}

/** What can be read of a kubeconfig. The provider says what is wrong with one; it also takes a path in its place. */
function read(kubeconfig: string): Kubeconfig {
  try {
    const content: unknown = parse(kubeconfig);
    return typeof content === "object" && content !== null ? content : {};
  } catch {
    return {};
  }
}

/** Name of the cluster that a context (or the current one) leads to; the context's own where it cannot be told. */
export function clusterNameOf(kubeconfig: string, context?: string): string {
  const { contexts, "current-context": current } = read(kubeconfig);
  const wanted = context ?? current ?? "existing";
  const found = Array.isArray(contexts) ? contexts.find((candidate) => candidate?.name === wanted) : undefined;
  return found?.context?.cluster ?? wanted;
}
