export interface EksEndpoint {
  name: string;
  /** URL of the Kubernetes API. */
  endpoint: string;
  /** PEM, base64-encoded. */
  certificateAuthority: string;
  region: string;
}

/**
 * Returns a kubeconfig without credentials. The AWS CLI requests a token with the caller's AWS credentials, so the
 * stored kubeconfig alone gives no access.
 */
export function eksKubeconfig({ name, endpoint, certificateAuthority, region }: EksEndpoint): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"],
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
}
