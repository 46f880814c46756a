import { stringify } from "yaml";
import { k3sNetworks } from "./networks";

/** Certificate resolver of the node's Traefik. An Ingress refers to it by name. */
export const certificateResolver = "le";

export interface TraefikArgs {
  /** Whether Traefik requests certificates with `certificateResolver` and serves TLS. */
  certificates: boolean;
  /** Email address for Let's Encrypt notices. @default none */
  email?: string;
}

/** Trusted source of X-Forwarded headers: requests arrive from the ServiceLB pod, which only CloudFront reaches. */
const podNetwork = k3sNetworks.pods;

/**
 * Returns a HelmChartConfig for the Traefik that ships with k3s. Sets CLI flags instead of chart values, because they
 * do not change with the chart.
 */
export function traefikConfig({ certificates, email }: TraefikArgs): string {
  const acme = `--certificatesresolvers.${certificateResolver}.acme`;
  const entryPoints = certificates ? ["web", "websecure"] : ["web"];
  const values = {
    additionalArguments: [
      // Without it the application would not see its clients' addresses.
      ...entryPoints.map((name) => `--entrypoints.${name}.forwardedheaders.trustedips=${podNetwork}`),
      ...(certificates ? [`${acme}.httpchallenge.entrypoint=web`, `${acme}.storage=/data/acme.json`] : []),
      ...(certificates && email ? [`${acme}.email=${email}`] : []),
    ],
    // The certificates must outlive the pod: Let's Encrypt issues five per domain and week.
    ...(certificates && { persistence: { enabled: true } }),
  };
  return stringify({
    apiVersion: "helm.cattle.io/v1",
    kind: "HelmChartConfig",
    metadata: { name: "traefik", namespace: "kube-system" },
    spec: { valuesContent: stringify(values, { lineWidth: 0 }) },
  });
}
