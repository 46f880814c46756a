import * as pulumi from "@pulumi/pulumi";
import { TraefikIngress } from "../../components/app/ingress/traefik";
import { traefikNamespace } from "../../components/app/network-policies";
import { ecrPull } from "../../components/cluster/k3s/ecr";
import { K3s } from "../../components/cluster/k3s/k3s";
import { k3sNetworks } from "../../components/cluster/k3s/networks";
import { allTasks, type NodeTask } from "../../components/cluster/k3s/node-task";
import { certificateResolver } from "../../components/cluster/k3s/traefik";
import { NodeIdentity } from "../../components/identity/node-identity";
import { namespaceNames } from "../../components/namespaces/namespaces";
import { nodeBackups, watchedBackups } from "../../components/postgres/dumps/node-backups";
import { priorityClasses } from "../../components/priorities/classes";
import { ecrRepositoryOf } from "../../components/support/image-name";
import { imagesOf } from "../../config/images";
import { leavesTarget } from "../../tiers/targets";
import { type AwsFoundation, awsEdge, awsFoundation, awsProvider, nodeState, watchedOf } from "./aws";
import type { TargetDefinition, TargetInputs } from "./target";

/** k3s on one EC2 instance. CloudFront reaches the node by its public name and identifies itself by a secret header. */
export const k3s: TargetDefinition<"k3s"> = {
  providers: (inputs) => [awsProvider(inputs)],
  create(inputs, options) {
    const { project, stack, spec, settings } = inputs;
    const { iamPolicy: policy } = settings.app;
    const { region, domain, alertEmail, apiAccessCidrs = [] } = settings;
    const foundation = awsFoundation(inputs, options);
    const { network } = foundation;
    const state = nodeState(inputs, network, options);
    const { accountId } = network;
    const identity = policy && new NodeIdentity("app-identity", { accountId, region, project, stack, policy }, options);
    const task = nodeTasks(inputs, foundation, identity);
    const storePriority = priorityClasses.pooler.value;
    const cluster = new K3s(
      "cluster",
      { size: spec.target, network, state, apiAccessCidrs, region, domain, alertEmail, storePriority, task },
      options,
    );
    return {
      cluster,
      sharedCluster: false,
      archivesPostgres: archives(inputs),
      storeNetwork: { ...network, clients: { name: "k3s", securityGroupId: cluster.securityGroupId } },
      clusterCidrs: [network.cidr, k3sNetworks.api],
      gateway: {
        ingressFrom: { namespace: traefikNamespace },
        verifyOrigin: true,
        cloudFront: true,
        maintenance: false,
      },
      identity: () => identity,
      // The node has one set of credentials for pods, the application's.
      monitorIdentity: undefined,
      publish(app, namespace) {
        const edge = awsEdge(
          inputs,
          foundation.domain,
          {
            kind: "node",
            domainName: cluster.originDomainName,
            secret: app.originSecret,
            https: domain !== undefined,
          },
          options,
        );
        // The node requests its certificate as soon as the ingress exists, and the challenge comes through CloudFront.
        new TraefikIngress(
          "app-ingress",
          { cluster, namespace, host: domain, certificateResolver: domain && certificateResolver },
          { parent: app, dependsOn: edge },
        );
        // After the application, and so after Postgres and the edge: by then the node has told about its backups.
        const backups = archives(inputs) ? [{ ...watchedBackups(metricsOf(inputs)), after: [app] }] : [];
        return { url: edge.url, watched: [...watchedOf(foundation, edge, cluster), ...backups] };
      },
      nextSteps: nextSteps(inputs),
    };
  },
};

/** Whether the node makes the backups. RDS makes its own; an in-cluster Postgres beside it gets no more data. */
const archives = ({ spec }: Pick<TargetInputs<"k3s">, "spec">) => spec.postgres.place === "cluster";

/** Namespace of the stack's own metrics in CloudWatch. */
const metricsOf = ({ project, stack }: Pick<TargetInputs<"k3s">, "project" | "stack">) => `${project}/${stack}`;

/** What the node does besides k3s. */
function nodeTasks(
  inputs: TargetInputs<"k3s">,
  { dumps }: AwsFoundation,
  identity: NodeIdentity | undefined,
): pulumi.Output<NodeTask> {
  const { settings } = inputs;
  const { region, namespacePrefix } = settings;
  const namespace = namespaceNames(namespacePrefix).data;
  const repositories = imagesOf(settings).flatMap((image) => ecrRepositoryOf(image) ?? []);
  return pulumi
    .all([dumps.name, dumps.arn, identity?.task])
    .apply(([bucket, bucketArn, credentials]) =>
      allTasks([
        ...(archives(inputs)
          ? [nodeBackups({ region, bucket, bucketArn, namespace, metrics: metricsOf(inputs) })]
          : []),
        ...(repositories.length > 0 ? [ecrPull(repositories)] : []),
        ...(credentials ? [credentials] : []),
      ]),
    );
}

function nextSteps({ spec, settings }: TargetInputs<"k3s">): string[] {
  return [
    ...(settings.domain === undefined
      ? [
          "CloudFront reaches the node over plain HTTP, because a node without a domain cannot have a certificate. " +
            "Set domain and hostedZoneId to encrypt this hop.",
        ]
      : []),
    ...(leavesTarget(settings.tier) && !spec.keep.nodeState
      ? [
          "Before you move up to EKS, set keep.nodeState to true. It keeps the node's data volume and certificate " +
            "authorities; without it the engine refuses the move (docs/moving.md).",
        ]
      : []),
    ...(spec.target.capacity === "spot"
      ? [
          "AWS may take the spot node back, and the product is down for minutes until the next one is up. If AWS has no " +
            "spot capacity, set nodes.capacity to on-demand (docs/deploying.md#spot).",
        ]
      : []),
    "Use kubectl: pulumi stack output kubeconfig --show-secrets > kubeconfig",
  ];
}
