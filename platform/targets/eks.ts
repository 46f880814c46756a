import * as pulumi from "@pulumi/pulumi";
import { AlbIngress } from "../../components/app/ingress/alb";
import { appService } from "../../components/app/service";
import { Eks } from "../../components/cluster/eks/eks";
import { PodIdentity } from "../../components/identity/pod-identity";
import { migrationName } from "../../components/migration/migration";
import { apiServiceCidrs } from "../../components/namespaces/network-policies";
import { monitorName } from "../../components/observability/network-policies";
import { scheduleComponent } from "../../components/schedules/cron-job";
import { workerComponent } from "../../components/workers/pool";
import { awsEdge, awsFoundation, awsProvider, type Domain, nodeState, watchedOf } from "./aws";
import type { TargetDefinition, TargetInputs } from "./target";

/** Service accounts of the pods with an image of the user's. All have the same role. */
const serviceAccounts = [appService.name, workerComponent, scheduleComponent, migrationName];

/** EKS Auto Mode. CloudFront reaches an internal load balancer through a VPC origin. */
export const eks: TargetDefinition<"eks"> = {
  providers: (inputs) => [awsProvider(inputs)],
  create(inputs, options) {
    const { spec, settings } = inputs;
    const {
      region,
      apiAccessCidrs = [],
      app: { healthPath, iamPolicy: policy },
    } = settings;
    const foundation = awsFoundation(inputs, options);
    const { network } = foundation;
    const domain = requiredDomain(inputs, foundation.domain);
    if (spec.keep.nodeState) nodeState(inputs, network, options);
    const cluster = new Eks(
      "cluster",
      {
        size: spec.target,
        network,
        apiAccessCidrs,
        region,
        auditLog: spec.logs.audit,
        volumes: spec.observability.enabled,
      },
      options,
    );
    return {
      cluster,
      sharedCluster: false,
      archivesPostgres: false,
      storeNetwork: { ...network, clients: { name: "eks", securityGroupId: cluster.securityGroupId } },
      clusterCidrs: [network.cidr, ...apiServiceCidrs],
      gateway: {
        // The load balancer's subnets, not the whole VPC: from there, other pods could bypass the edge.
        ingressFrom: { cidrs: network.privateSubnetCidrs },
        // Only CloudFront reaches the internal load balancer.
        verifyOrigin: false,
        cloudFront: true,
        maintenance: false,
      },
      identity: (namespace) =>
        policy &&
        new PodIdentity(
          "app-identity",
          { clusterName: cluster.clusterName, region, namespace, serviceAccounts, policy },
          options,
        ),
      monitorIdentity: (namespace, policy) =>
        new PodIdentity(
          "monitor-identity",
          {
            clusterName: cluster.clusterName,
            region,
            namespace,
            serviceAccounts: [monitorName],
            policy,
            description: "The pod that watches the product",
          },
          { ...options, aliases: [heartbeatIdentity(options)] },
        ),
      publish(app, namespace) {
        const certificateArn = domain.certificates.inRegion(region);
        const ingress = new AlbIngress(
          "app-ingress",
          { cluster, namespace, network, certificateArn, healthPath, after: app.ready },
          { parent: app },
        );
        const { loadBalancerArn: arn, dnsName: domainName } = ingress;
        const edge = awsEdge(inputs, domain, { kind: "loadBalancer", arn, domainName }, options);
        return { url: edge.url, watched: watchedOf(foundation, edge, ingress, cluster) };
      },
      nextSteps: [
        ...(spec.keep.nodeState
          ? [
              "The data volume and the certificate authorities of the k3s node stay, protected, until you remove " +
                "keep.nodeState.",
            ]
          : []),
        "Use kubectl: pulumi stack output kubeconfig --show-secrets > kubeconfig (its token comes from the AWS CLI).",
      ],
    };
  },
};

/**
 * What the role of the pod that watches was, in stacks from before it read figures: that of the heartbeat. EKS refuses a second
 * association of a service account, so a role made anew could not have it before the old one is deleted, which comes last.
 */
const heartbeatIdentity = ({ parent }: pulumi.ComponentResourceOptions): pulumi.Alias => ({
  name: "heartbeat-identity",
  parent: pulumi.createUrn("heartbeat", "tierstack:alarms:Heartbeat", parent),
});

/** Returns the domain, which the load balancer's certificate needs. Throws a RunError without one;
 * config/rules/access.ts reports that earlier, with all other problems. */
function requiredDomain({ project }: TargetInputs<"eks">, domain: Domain | undefined): Domain {
  if (domain) return domain;
  throw new pulumi.RunError(`${project}:domain: required on EKS`);
}
