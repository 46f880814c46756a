import { basename, dirname } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { storeVariables, Values } from "../../contract/environment";
import type { Cluster } from "../cluster/cluster";
import type { Namespace } from "../namespaces/namespace";
import { authorityConfigMap } from "../namespaces/namespaces";
import { checksum } from "../support/checksum";
import { Component } from "../support/component";
import { labelsOf } from "../support/labels";
import { caFile } from "../support/names";
import { scratch } from "../support/pods";
import { secretData } from "../support/secret";
import { variables } from "./variables";

type EnvVar = k8s.types.input.core.v1.EnvVar;
type EnvFromSource = k8s.types.input.core.v1.EnvFromSource;
type Volume = k8s.types.input.core.v1.Volume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** Variables and files of the application's and the workers' containers, the same on every tier. */
export interface WorkloadEnvironment {
  env: EnvVar[];
  envFrom: EnvFromSource[];
  volumes: Volume[];
  mounts: VolumeMount[];
  /** Checksum of what a container reads only at startup, for a pod annotation. */
  checksum: pulumi.Output<string>;
}

/** A directory that a container may write to. */
export interface WritableDirectory {
  /** Absolute path. */
  path: string;
  /** A pod that writes more is evicted. */
  sizeMiB: number;
}

export interface AppEnvironmentArgs {
  cluster: Pick<Cluster, "provider">;
  /** Namespace of the application and its workers. */
  namespace: Namespace;
  /** The user's plain variables. */
  environment: Record<string, string>;
  /** The user's secret variables. */
  secrets: Record<string, pulumi.Output<string>>;
  /** URLs with credentials; secrets. */
  stores: {
    databaseUrl: pulumi.Input<string>;
    databaseReadUrl: pulumi.Input<string>;
    databaseDirectUrl: pulumi.Input<string>;
    redisUrl: pulumi.Input<string>;
  };
  /** Directories that the containers may write to, empty at every start. @default /tmp only */
  writable?: WritableDirectory[];
  /** Version of the pods' AWS credentials (`WorkloadIdentity`). A change restarts the pods. @default no credentials */
  identityVersion?: pulumi.Input<string>;
  /** PEM certificate of the authority that workloads trust. A change restarts the pods. */
  authorityCertificate: pulumi.Input<string>;
}

/**
 * Environment of the application and its workers. Secret values reach them through a single Secret. Changed content
 * makes another Secret with another name, and Pulumi deletes the old one last. So if a migration or a rollout fails, pods
 * of the old version that restart still read the old values.
 */
export class AppEnvironment extends Component implements WorkloadEnvironment {
  readonly env: EnvVar[];
  readonly envFrom: EnvFromSource[];
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
  readonly checksum: pulumi.Output<string>;

  constructor(name: string, args: AppEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("app:Environment", name, opts);
    const values = secretValues(args);
    // No variable has a dot in its name, so the keys never collide.
    this.checksum = checksum({
      ...values,
      "ca.crt": args.authorityCertificate,
      ...(args.identityVersion !== undefined && { "aws.identity": args.identityVersion }),
    });
    const secret = this.secret(args, values);
    this.env = variables(args.environment, Object.keys(values));
    this.envFrom = [{ secretRef: { name: secret.metadata.name } }];
    const writable = (args.writable ?? []).map(({ path, sizeMiB }, at) =>
      scratch(`writable-${at}`, path, `${sizeMiB}Mi`),
    );
    this.volumes = [
      {
        name: "authority",
        configMap: { name: authorityConfigMap, items: [{ key: "ca.crt", path: basename(caFile) }] },
      },
      ...writable.map(({ volume }) => volume),
    ];
    this.mounts = [
      { name: "authority", mountPath: dirname(caFile), readOnly: true },
      ...writable.map(({ mount }) => mount),
    ];
    this.registerOutputs({ checksum: this.checksum });
  }

  private secret(args: AppEnvironmentArgs, texts: Record<string, pulumi.Input<string>>): k8s.core.v1.Secret {
    // Drawn and not a hash: after a failure the old Secret waits for its deletion. A revert must not use its name again.
    const keepers = { checksum: this.checksum };
    const { hex } = new random.RandomId(this.named("secret-suffix"), { byteLength: 4, keepers }, this.child);
    const name = pulumi.interpolate`app-env-${hex}`;
    return new k8s.core.v1.Secret(
      this.named("secret"),
      {
        metadata: { name, namespace: args.namespace.created, labels: labelsOf("app-env", "app") },
        data: secretData(texts),
      },
      { ...this.child, provider: args.cluster.provider },
    );
  }
}

/** Secret variables. The platform's override the user's. */
function secretValues({ secrets, stores }: AppEnvironmentArgs): Record<string, pulumi.Input<string>> {
  const urls: Values<typeof storeVariables, pulumi.Input<string>> = {
    DATABASE_URL: stores.databaseUrl,
    DATABASE_READ_URL: stores.databaseReadUrl,
    DATABASE_DIRECT_URL: stores.databaseDirectUrl,
    REDIS_URL: stores.redisUrl,
  };
  return { ...secrets, ...urls };
}
