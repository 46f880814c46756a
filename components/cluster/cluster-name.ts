import { parse } from "yaml";

interface Kubeconfig {
  "current-context"?: string;
  contexts?: { name?: string; context?: { cluster?: string } }[];
}

/** Parses a kubeconfig. Returns {} for a path, which the provider accepts, or invalid content, which it reports. */
function parseKubeconfig(kubeconfig: string): Kubeconfig {
  try {
    const content: unknown = parse(kubeconfig);
    return typeof content === "object" && content !== null ? content : {};
  } catch {
    return {};
  }
}

/** Returns the cluster of a context, by default the current one; the context's own name if the cluster is unknown. */
export function clusterNameOf(kubeconfig: string, context?: string): string {
  const { contexts, "current-context": current } = parseKubeconfig(kubeconfig);
  const name = context ?? current ?? "existing";
  const entry = Array.isArray(contexts) ? contexts.find((candidate) => candidate?.name === name) : undefined;
  return entry?.context?.cluster ?? name;
}
