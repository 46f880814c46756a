import { stringify } from "yaml";
import { k3sNetworks } from "./networks";

/** The resolver of certificates that the node's Traefik is configured with; an ingress asks for it by name. */
export const certificateResolver = "le";

export interface TraefikArgs {
  /** Whether Traefik gets certificates (`certificateResolver`) and serves TLS. */
  certificates: boolean;
  /** Where Let's Encrypt writes to. @default nowhere */
  email?: string;
}

/** Whose word on a client is taken: requests reach Traefik through ServiceLB, a pod, which only CloudFront can reach. */
const podNetwork = k3sNetworks.pods;

/** Values of the Traefik that k3s brings along. Flags rather than values, for they do not change with the chart. */
export function traefikConfig({ certificates, email }: TraefikArgs): string {
  const acme = `--certificatesresolvers.${certificateResolver}.acme`;
  const entryPoints = certificates ? ["web", "websecure"] : ["web"];
  const values = {
    additionalArguments: [
      // Otherwise the application would not learn who its clients are.
      ...entryPoints.map((name) => `--entrypoints.${name}.forwardedheaders.trustedips=${podNetwork}`),
      ...(certificates ? [`${acme}.httpchallenge.entrypoint=web`, `${acme}.storage=/data/acme.json`] : []),
      ...(certificates && email ? [`${acme}.email=${email}`] : []),
    ],
    // Let's Encrypt allows five certificates of a name a week: they must outlive the pod.
    ...(certificates && { persistence: { enabled: true } }),
  };
  return stringify({
    apiVersion: "helm.cattle.io/v1",
    kind: "HelmChartConfig",
    metadata: { name: "traefik", namespace: "kube-system" },
    spec: { valuesContent: stringify(values, { lineWidth: 0 }) },
  });
}
