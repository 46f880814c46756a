import { stringify } from "yaml";

export interface KubeconfigParts {
  /** Name of the cluster, the user and the context. */
  name: string;
  /** URL of the Kubernetes API. */
  server: string;
  /** PEM of the certificate authority that signed the API's certificate. */
  serverCaCertificate: string;
  /** PEM. */
  clientCertificate: string;
  /** PEM. */
  clientKey: string;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Returns a kubeconfig for one cluster, with the client certificate embedded. */
export function kubeconfig({ name, server, ...pem }: KubeconfigParts): string {
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name, cluster: { server, "certificate-authority-data": base64(pem.serverCaCertificate) } }],
      users: [
        {
          name,
          user: {
            "client-certificate-data": base64(pem.clientCertificate),
            "client-key-data": base64(pem.clientKey),
          },
        },
      ],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    },
    { lineWidth: 0 },
  );
}
