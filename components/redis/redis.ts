import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { RedisSize } from "../../tiers";
import { versions } from "../../versions";
import type { Cluster, ClusterKind } from "../cluster/cluster";
import type { Authority } from "../pki/authority";
import { checksum } from "../support/checksum";
import { Component } from "../support/component";
import { holdsData, keptClaim, keptData } from "../support/data";
import { namespaces, ports, serviceHost, serviceNames } from "../support/names";
import { secretData } from "../support/secret";
import { parameterGroupArgs, replicationGroupArgs } from "./elasticache";
import {
  claimSpec,
  configFiles,
  policySpec,
  secretFiles,
  serviceSpec,
  statefulSetSpec,
  valkeyLabels,
  valkeyName,
} from "./valkey";

export interface RedisNetwork {
  vpcId: pulumi.Input<string>;
  /** One a zone; replicas spread over them. */
  privateSubnetIds: pulumi.Input<string>[];
}

export interface RedisArgs {
  size: RedisSize;
  /** The place that stays declared although the tier no longer uses it, so that a move deletes no data. */
  keep: {
    clusterStore: boolean;
    managedStore: boolean;
  };
  /** Its security group is required where the managed store is declared: the store opens to nobody else. */
  cluster: Pick<Cluster, "kind" | "provider" | "storageClass" | "securityGroupId">;
  /** Namespace of the in-cluster store: `data`. */
  namespace: pulumi.Input<string>;
  /** Required where the managed store is declared. */
  network?: RedisNetwork;
  /** Issues the certificate of the in-cluster store. */
  authority: Pick<Authority, "issue" | "certificate">;
}

/** What a client needs to know of a Redis; KEDA among them. */
export interface RedisEndpoint {
  /** `host:port`. */
  address: pulumi.Output<string>;
  /** A secret. */
  password: pulumi.Output<string>;
  /** PEM of the product's own authority, to be trusted beside the public ones. */
  ca: pulumi.Output<string>;
}

/**
 * Redis (Valkey) in cluster mode with TLS, in the cluster or managed: one URL shape, one client mode and one password
 * in either place.
 */
export class Redis extends Component implements RedisEndpoint {
  readonly host: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  readonly ca: pulumi.Output<string>;
  /** `rediss://:password@host:port`; a secret. */
  readonly redisUrl: pulumi.Output<string>;

  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("redis:Redis", name, opts);
    const active = args.size.place;
    this.ca = pulumi.output(args.authority.certificate);
    this.password = this.generatePassword();
    const hosts = {
      cluster: active === "cluster" || args.keep.clusterStore ? this.inCluster(args) : undefined,
      managed: active === "managed" || args.keep.managedStore ? this.managed(args) : undefined,
    };
    this.host = hosts[active] as pulumi.Output<string>;
    this.address = pulumi.interpolate`${this.host}:${ports.redis}`;
    this.redisUrl = pulumi.secret(pulumi.interpolate`rediss://:${this.password}@${this.address}`);
    this.registerOutputs({ host: this.host, address: this.address, redisUrl: this.redisUrl });
  }

  private generatePassword(): pulumi.Output<string> {
    const password = new random.RandomPassword(this.named("password"), { length: 32, special: false }, this.child);
    return pulumi.secret(password.result);
  }

  /** Valkey in a pod; its host name. */
  private inCluster({ size, cluster, namespace, authority }: RedisArgs): pulumi.Output<string> {
    const options = { ...this.child, provider: cluster.provider };
    const active = size.place === "cluster";
    const metadata = { name: valkeyName, namespace, labels: valkeyLabels };
    const issued = authority.issue(valkeyName, [...serviceNames(valkeyName, namespaces.data), "localhost"]);
    const data = configFiles(size.cluster, authority.certificate);
    const secrets = secretFiles(this.password, issued);

    const config = new k8s.core.v1.ConfigMap(this.named("config"), { metadata, data }, options);
    const secret = new k8s.core.v1.Secret(this.named("secret"), { metadata, data: secretData(secrets) }, options);
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      this.named("data"),
      {
        metadata: {
          ...metadata,
          name: `${valkeyName}-data`,
          // A class that waits for the first pod binds no claim before the StatefulSet is there.
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: claimSpec(size.cluster, cluster.storageClass),
      },
      { ...options, ...(active ? holdsData : keptClaim) },
    );
    new k8s.core.v1.Service(this.named("service"), { metadata, spec: serviceSpec() }, options);
    new k8s.networking.v1.NetworkPolicy(this.named("policy"), { metadata, spec: policySpec() }, options);
    const server = new k8s.apps.v1.StatefulSet(
      this.named("server"),
      {
        metadata,
        spec: statefulSetSpec({
          size: size.cluster,
          config: config.metadata.name,
          secret: secret.metadata.name,
          claim: claim.metadata.name,
          checksum: checksum({ ...data, ...secrets }),
        }),
      },
      { ...options, ...(active ? holdsData : keptData) },
    );
    return server.spec.serviceName.apply((service) => serviceHost(service, namespaces.data));
  }

  /** ElastiCache; its host name. */
  private managed({ size, cluster, network }: RedisArgs): pulumi.Output<string> {
    if (!network || !cluster.securityGroupId) {
      const missing = network ? "cluster.securityGroupId" : "network";
      throw new pulumi.ResourceError(`redis: the managed store needs ${missing}: a cluster in a VPC of ours`, this);
    }
    const subnets = new aws.elasticache.SubnetGroup(
      this.named("subnets"),
      { description: "Private subnets of Redis", subnetIds: network.privateSubnetIds },
      this.child,
    );
    // A family never changes within a group: the next one gets a group of its own, beside the one in use.
    const parameters = new aws.elasticache.ParameterGroup(
      this.named(`parameters-${versions.elasticache.family}`),
      parameterGroupArgs(),
      this.child,
    );
    const group = new aws.elasticache.ReplicationGroup(
      this.named("cluster"),
      replicationGroupArgs({
        size: size.managed,
        password: this.password,
        subnetGroupName: subnets.name,
        parameterGroupName: parameters.name,
        securityGroupId: this.securityGroup(network, cluster.kind, cluster.securityGroupId),
      }),
      { ...this.child, ...holdsData },
    );
    return group.configurationEndpointAddress;
  }

  /** Open to the cluster's nodes and pods, on one port. A cluster that is exchanged keeps its way in until the other has
   * its own: the rule is named after the kind. */
  private securityGroup(network: RedisNetwork, kind: ClusterKind, from: pulumi.Output<string>): pulumi.Output<string> {
    const description = "Redis, from the cluster";
    const group = new aws.ec2.SecurityGroup(
      this.named("access"),
      { vpcId: network.vpcId, description, tags: { Name: this.named("access") } },
      this.child,
    );
    new aws.vpc.SecurityGroupIngressRule(
      this.named(`access-from-${kind}`),
      {
        securityGroupId: group.id,
        referencedSecurityGroupId: from,
        ipProtocol: "tcp",
        fromPort: ports.redis,
        toPort: ports.redis,
        description,
      },
      this.child,
    );
    return group.id;
  }
}
