import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import { cloudFrontPrefixListId } from "../../network/cloudfront";
import { Component } from "../../support/component";
import { labelsOf } from "../../support/labels";
import { ports } from "../../support/names";
import type { Watched } from "../../support/watched";
import { appService } from "../service";

export interface AlbIngressArgs {
  /** The EKS cluster. */
  cluster: Pick<Cluster, "provider" | "clusterName"> & {
    /** Security group of the nodes and pods. */
    securityGroupId: pulumi.Input<string>;
  };
  namespace: Namespace;
  network: {
    vpcId: pulumi.Input<string>;
    /** Subnets of the load balancer, in at least two zones. The application's network policy admits their addresses. */
    privateSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  };
  /** ACM certificate in the region of the load balancer. */
  certificateArn: pulumi.Input<string>;
  /** Absolute path that returns 200 when the application can serve requests. */
  healthPath: string;
  /** What the binding waits for: pods that can serve requests. */
  after?: pulumi.Resource;
}

const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 } as const;
const gateway = { ipProtocol: "tcp", fromPort: ports.gatewayHttps, toPort: ports.gatewayHttps } as const;

/**
 * An internal Application Load Balancer in front of the gateways. Only CloudFront reaches it, through a VPC origin.
 * Pulumi creates it, so its address is known before anything runs in the cluster; EKS Auto Mode only registers the
 * pods. It contains no data and may be replaced.
 */
export class AlbIngress extends Component {
  readonly loadBalancerArn: pulumi.Output<string>;
  /** Known once the load balancer can reach the pods, so that traffic does not move here earlier. */
  readonly dnsName: pulumi.Output<string>;
  /** What AWS has metrics of: the load balancer and its pods. */
  readonly watched: Watched[];

  constructor(
    name: string,
    private readonly args: AlbIngressArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("app:AlbIngress", name, opts);
    const securityGroup = this.securityGroup();
    this.admitCloudFront(securityGroup);
    const podRules = this.connectToPods(securityGroup);
    const loadBalancer = this.loadBalancer(securityGroup);
    const targets = this.targets();
    const listener = this.listener(loadBalancer, targets);
    const binding = this.binding(targets, podRules);
    this.loadBalancerArn = loadBalancer.arn;
    this.dnsName = pulumi.all([loadBalancer.dnsName, listener.arn, binding.id]).apply(([name]) => name);
    const dimensions = { LoadBalancer: loadBalancer.arnSuffix };
    this.watched = [
      { kind: "load-balancer", dimensions },
      { kind: "targets", dimensions: { ...dimensions, TargetGroup: targets.arnSuffix } },
    ];
    this.registerOutputs({ loadBalancerArn: this.loadBalancerArn, dnsName: this.dnsName });
  }

  private securityGroup(): aws.ec2.SecurityGroup {
    const description = "Load balancer of the application: in from CloudFront, out to the gateways";
    return new aws.ec2.SecurityGroup(
      this.named("security-group"),
      { description, vpcId: this.args.network.vpcId },
      this.child,
    );
  }

  private admitCloudFront(securityGroup: aws.ec2.SecurityGroup): void {
    new aws.vpc.SecurityGroupIngressRule(
      this.named("from-cloudfront"),
      {
        ...https,
        description: "CloudFront, to its VPC origin",
        securityGroupId: securityGroup.id,
        prefixListId: cloudFrontPrefixListId(this),
      },
      this.child,
    );
  }

  /** Rules of both security groups. Auto Mode adds none, because its TargetGroupBinding has no `networking`. */
  private connectToPods(securityGroup: aws.ec2.SecurityGroup): pulumi.Resource[] {
    const pods = this.args.cluster.securityGroupId;
    const egress = new aws.vpc.SecurityGroupEgressRule(
      this.named("to-pods"),
      {
        ...gateway,
        description: "Gateways of the application",
        securityGroupId: securityGroup.id,
        referencedSecurityGroupId: pods,
      },
      this.child,
    );
    const ingress = new aws.vpc.SecurityGroupIngressRule(
      this.named("into-pods"),
      {
        ...gateway,
        description: "Load balancer of the application, to the gateways",
        securityGroupId: pods,
        referencedSecurityGroupId: securityGroup.id,
      },
      this.child,
    );
    return [egress, ingress];
  }

  private loadBalancer(securityGroup: aws.ec2.SecurityGroup): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      this.named("alb"),
      {
        loadBalancerType: "application",
        internal: true,
        subnets: this.args.network.privateSubnetIds,
        securityGroups: [securityGroup.id],
        dropInvalidHeaderFields: true,
        enableDeletionProtection: false,
        // Below the gateway's idle timeout, see gateway.ts.
        idleTimeout: 60,
      },
      this.child,
    );
  }

  private targets(): aws.lb.TargetGroup {
    return new aws.lb.TargetGroup(
      this.named("targets"),
      {
        vpcId: this.args.network.vpcId,
        targetType: "ip",
        protocol: "HTTPS",
        protocolVersion: "HTTP1",
        port: ports.gatewayHttps,
        deregistrationDelay: 30,
        // Marks a new pod healthy within the Deployment's minReadySeconds.
        healthCheck: {
          protocol: "HTTPS",
          path: this.args.healthPath,
          port: "traffic-port",
          matcher: "200",
          interval: 5,
          timeout: 4,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
        // Auto Mode's role may register pods only in target groups with this tag (AmazonEKSLoadBalancingPolicy).
        tags: { "eks:eks-cluster-name": this.args.cluster.clusterName },
      },
      this.child,
    );
  }

  private listener(loadBalancer: aws.lb.LoadBalancer, targets: aws.lb.TargetGroup): aws.lb.Listener {
    return new aws.lb.Listener(
      this.named("listener"),
      {
        loadBalancerArn: loadBalancer.arn,
        port: https.fromPort,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn: this.args.certificateArn,
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
      },
      this.child,
    );
  }

  private binding(targets: aws.lb.TargetGroup, dependsOn: pulumi.Resource[]): k8s.apiextensions.CustomResource {
    const { cluster, namespace, after } = this.args;
    return new k8s.apiextensions.CustomResource(
      this.named("binding"),
      {
        apiVersion: "eks.amazonaws.com/v1",
        kind: "TargetGroupBinding",
        metadata: { name: appService.name, namespace: namespace.created, labels: labelsOf(appService.name, "ingress") },
        spec: {
          targetGroupARN: targets.arn,
          targetType: "ip",
          serviceRef: { name: appService.name, port: appService.httpsPort },
        },
      },
      { ...this.child, provider: cluster.provider, dependsOn: [...dependsOn, ...(after ? [after] : [])] },
    );
  }
}
