import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster/cluster";
import type { Namespace } from "../namespaces/namespace";
import { Component } from "../support/component";
import { configKeyOf } from "../support/image-name";
import { labelsOf } from "../support/labels";
import { secretData } from "../support/secret";

/** Credentials of a private registry. */
export interface RegistryCredentials {
  /** Host of the registry, such as ghcr.io; docker.io is Docker Hub. */
  server: string;
  username: string;
  password: pulumi.Input<string>;
}

export interface PullSecretArgs {
  cluster: Pick<Cluster, "provider">;
  /** Namespace of the pods that pull images. */
  namespace: Namespace;
  registry: RegistryCredentials;
}

/** Returns the Docker configuration that the kubelet pulls with. */
export function dockerConfig(server: string, username: string, password: string): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [configKeyOf(server)]: { username, password, auth } } });
}

/** The Secret with which the kubelet pulls private images in a namespace. */
export class PullSecret extends Component {
  /** Name of the Secret, for `imagePullSecrets`. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: PullSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("app:PullSecret", name, opts);
    const { server, username, password } = args.registry;
    const metadata = {
      name: "app-registry",
      namespace: args.namespace.created,
      labels: labelsOf("app-registry", "app"),
    };
    const config = pulumi.output(password).apply((text) => dockerConfig(server, username, text));
    const secret = new k8s.core.v1.Secret(
      this.named("secret"),
      { metadata, type: "kubernetes.io/dockerconfigjson", data: secretData({ ".dockerconfigjson": config }) },
      { ...this.child, provider: args.cluster.provider },
    );
    this.secretName = secret.metadata.name;
    this.registerOutputs({ secretName: this.secretName });
  }
}
