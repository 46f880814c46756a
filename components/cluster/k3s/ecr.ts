import { stringify } from "yaml";
import { readScript } from "../../support/file";
import type { EcrRepository } from "../../support/image-name";
import { withVariables } from "../../support/shell";
import type { NodeTask } from "./node-task";

/** The credential provider: its folder, its name in the folder, and the kubelet's configuration for it. */
const provider = { folder: "/usr/local/sbin", name: "tierstack-ecr", config: "/etc/tierstack/image-credentials.yaml" };

const unique = (texts: string[]) => [...new Set(texts)];

/**
 * Returns the node task that lets the kubelet of a k3s node pull from repositories of ECR, by the node's role. k3s has no
 * credential provider of its own, and AWS publishes none with a checksum. The kubelet runs any program that speaks its
 * protocol (kubernetes.io, "Configure a kubelet image credential provider"), so this one asks the AWS CLI of the node.
 * k3s ignores both flags if the files are missing (k3s-io/k3s, `ImageCredProvAvailable`).
 */
export function ecrPull(repositories: EcrRepository[]): NodeTask {
  return {
    files: {
      [`${provider.folder}/${provider.name}`]: withVariables(readScript(__dirname, "ecr.sh"), {}),
      [provider.config]: stringify({
        apiVersion: "kubelet.config.k8s.io/v1",
        kind: "CredentialProviderConfig",
        providers: [
          {
            name: provider.name,
            matchImages: unique(repositories.map(({ registry }) => registry)),
            defaultCacheDuration: "6h",
            apiVersion: "credentialprovider.kubelet.k8s.io/v1",
          },
        ],
      }),
      "/etc/rancher/k3s/config.yaml.d/ecr.yaml": stringify({
        "image-credential-provider-bin-dir": provider.folder,
        "image-credential-provider-config": provider.config,
      }),
    },
    units: [],
    statements: [
      // Does not support resource-level permissions.
      { Sid: "EcrToken", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
      {
        Sid: "EcrPull",
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: unique(
          repositories.map(({ account, region, name }) => `arn:aws:ecr:${region}:${account}:repository/${name}`),
        ),
      },
    ],
  };
}
