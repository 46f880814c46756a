import { traefikNamespace } from "../components/app/policies";
import type { Loaded } from "../config/load";

/**
 * What the user must know or do after a deployment, and what a plan's reader must know before: the handovers that the
 * program does not make by itself, and the one hop without TLS.
 */
export function nextSteps({ settings, spec }: Loaded): string[] {
  const { kind } = spec.cluster;
  const steps: [when: boolean, say: string][] = [
    [
      spec.keep.clusterStores && spec.postgres.place === "managed",
      "Data is not copied by itself: the in-cluster Postgres and Redis stay, retained and intact, beside the new managed " +
        'ones, which start empty. Copy the data (README, "Moving up a tier") before you let users in.',
    ],
    [
      spec.keep.managedStores && spec.postgres.place === "cluster",
      "RDS and ElastiCache stay, and cost, until their data has been copied back and keep.managedStores is lifted.",
    ],
    [
      kind === "eks" && spec.keep.nodeState,
      "The k3s data volume and its certificate authorities stay, protected, until keep.nodeState is set to false.",
    ],
    [
      kind === "k3s" && settings.domain === undefined,
      "CloudFront reaches the node over plain HTTP: without a domain of its own the node can have no certificate. Set " +
        "domain and hostedZoneId to close this hop.",
    ],
    [
      kind === "existing",
      "Requests from an ingress controller to the application are plain HTTP inside your cluster: run it on one node, or " +
        "encrypt between nodes.",
    ],
    [
      kind === "existing",
      `Reach the application through a Traefik in ${traefikNamespace}, the one namespace that its network policy ` +
        "admits, or with: kubectl -n app port-forward svc/app 8080:80",
    ],
    [
      kind === "eks",
      "kubectl: pulumi stack output kubeconfig --show-secrets > kubeconfig (needs the AWS CLI for its token).",
    ],
    [kind === "k3s", "kubectl: pulumi stack output kubeconfig --show-secrets > kubeconfig"],
    [settings.maintenance, "Maintenance is on: everything but the health path answers 503."],
  ];
  return steps.filter(([when]) => when).map(([, say]) => say);
}
