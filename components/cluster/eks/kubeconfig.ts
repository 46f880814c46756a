export interface EksEndpoint {
  name: string;
  /** URL of the API. */
  endpoint: string;
  /** Base64 of the PEM. */
  certificateAuthority: string;
  region: string;
}

/**
 * A kubeconfig without credentials of its own: the AWS CLI asks for a token with the caller's, so that what is stored
 * never opens the cluster by itself.
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
