import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { AlbIngress, type AlbIngressArgs } from "../../../../components/app/ingress/alb";
import { existingNamespace } from "../../../../components/namespaces/namespace";
import { recorded } from "../../../support/record";

const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-4000-8000-0123456789ab";

function run(given: Partial<AlbIngressArgs> = {}, preview = false) {
  return recorded(
    () => {
      const provider = new k8s.Provider("kubernetes", {});
      const { loadBalancerArn, dnsName } = new AlbIngress("ingress", {
        cluster: {
          provider,
          clusterName: pulumi.output("cluster"),
          securityGroupId: pulumi.output("sg-0123456789abcdef0"),
        },
        namespace: existingNamespace("app"),
        network: { vpcId: "vpc-0123456789abcdef0", privateSubnetIds: ["subnet-0a", "subnet-0b", "subnet-0c"] },
        certificateArn,
        healthPath: "/healthz",
        ...given,
      });
      return { loadBalancerArn, dnsName };
    },
    { preview },
  );
}

describe("AlbIngress", () => {
  it("creates an internal load balancer without data", async () => {
    const all = await run();
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal([
      "ingress",
      "ingress/alb",
      "ingress/binding",
      "ingress/from-cloudfront",
      "ingress/into-pods",
      "ingress/listener",
      "ingress/security-group",
      "ingress/targets",
      "ingress/to-pods",
      "kubernetes",
    ]);
    const { securityGroups, ...balancer } = all.inputs("ingress/alb");
    expect(balancer).to.deep.equal({
      loadBalancerType: "application",
      internal: true,
      subnets: ["subnet-0a", "subnet-0b", "subnet-0c"],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: false,
      idleTimeout: 60,
    });
    expect(all.at("ingress/alb").dependsOn).to.include("ingress/security-group");
    expect(securityGroups).to.have.length(1);
    for (const resource of all.resources)
      expect(resource.options).to.include({ protect: false, retainOnDelete: false });
    expect(all.outputs.loadBalancerArn).to.match(/^arn:aws:elasticloadbalancing:us-east-1:.*loadbalancer\/app\//);
    expect(all.outputs.dnsName).to.match(/^internal-.*\.elb\.amazonaws\.com$/);
  });

  it("leaves room for Pulumi's suffix within the limit of 32 characters", async () => {
    const all = await run();
    for (const path of ["ingress/alb", "ingress/targets"]) {
      expect(all.at(path).name.length + "-1234567".length, path).to.be.at.most(32);
      expect(all.inputs(path)).not.to.have.property("name");
    }
  });

  it("allows ingress from CloudFront on one port and egress to the gateways only", async () => {
    const all = await run();
    const group = all.inputs("ingress/security-group");
    expect(group).to.deep.equal({
      description: "Load balancer of the application: in from CloudFront, out to the gateways",
      vpcId: "vpc-0123456789abcdef0",
    });
    const prefixList = all.lookUp("aws:ec2/getManagedPrefixList:getManagedPrefixList");
    const own = all.inputs("ingress/from-cloudfront").securityGroupId;
    const pods = "sg-0123456789abcdef0";
    const rule = (path: string) => {
      const { description, ...rest } = all.inputs(path);
      expect(description).to.be.a("string");
      return rest;
    };
    expect(own).to.match(/^sg-/).and.not.to.equal(pods);
    expect(rule("ingress/from-cloudfront")).to.deep.equal({
      ...{ ipProtocol: "tcp", fromPort: 443, toPort: 443 },
      securityGroupId: own,
      prefixListId: prefixList.result.id,
    });
    expect(prefixList.arguments).to.deep.equal({ name: "com.amazonaws.global.cloudfront.origin-facing" });
    const gateway = { ipProtocol: "tcp", fromPort: 10443, toPort: 10443 };
    expect(rule("ingress/to-pods")).to.deep.equal({
      ...gateway,
      securityGroupId: own,
      referencedSecurityGroupId: pods,
    });
    expect(rule("ingress/into-pods")).to.deep.equal({
      ...gateway,
      securityGroupId: pods,
      referencedSecurityGroupId: own,
    });
    expect(all.at("ingress/to-pods").type).to.equal("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
    expect(all.at("ingress/into-pods").type).to.equal("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    expect(JSON.stringify(all.resources)).not.to.contain("0.0.0.0/0");
  });

  it("terminates TLS and forwards over TLS", async () => {
    const all = await run();
    expect(all.inputs("ingress/targets")).to.deep.equal({
      vpcId: "vpc-0123456789abcdef0",
      targetType: "ip",
      protocol: "HTTPS",
      protocolVersion: "HTTP1",
      port: 10443,
      deregistrationDelay: 30,
      healthCheck: {
        protocol: "HTTPS",
        path: "/healthz",
        port: "traffic-port",
        matcher: "200",
        interval: 5,
        timeout: 4,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      tags: { "eks:eks-cluster-name": "cluster" },
    });
    const { loadBalancerArn, defaultActions, ...listener } = all.inputs("ingress/listener");
    expect(listener).to.deep.equal({
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn,
    });
    expect(loadBalancerArn).to.equal(all.outputs.loadBalancerArn);
    expect(defaultActions).to.have.length(1);
    expect(defaultActions[0].type).to.equal("forward");
    expect(defaultActions[0].targetGroupArn).to.match(/targetgroup/);
  });

  it("binds the Service to the target group once the security groups allow it", async () => {
    const all = await run();
    const binding = all.at("ingress/binding");
    expect(binding.type).to.equal("kubernetes:eks.amazonaws.com/v1:TargetGroupBinding");
    expect(binding.provider).to.equal("kubernetes");
    expect(binding.dependsOn).to.include.members(["ingress/into-pods", "ingress/to-pods"]);
    const { metadata, spec } = all.inputs("ingress/binding");
    expect(metadata).to.deep.include({ name: "app", namespace: "app" });
    expect(spec).to.deep.equal({
      targetGroupARN: all.inputs("ingress/listener").defaultActions[0].targetGroupArn,
      targetType: "ip",
      serviceRef: { name: "app", port: 443 },
    });
  });

  it("knows its DNS name once it can reach the pods", async () => {
    const all = await recorded(() => {
      const provider = new k8s.Provider("kubernetes", {});
      const after = new k8s.core.v1.Service("pods", {}, { provider });
      const { dnsName } = new AlbIngress("ingress", {
        cluster: {
          provider,
          clusterName: pulumi.output("cluster"),
          securityGroupId: pulumi.output("sg-0123456789abcdef0"),
        },
        namespace: existingNamespace("app"),
        network: { vpcId: "vpc-0123456789abcdef0", privateSubnetIds: ["subnet-0a", "subnet-0b"] },
        certificateArn,
        healthPath: "/healthz",
        after,
      });
      new k8s.core.v1.ConfigMap("edge", { data: { dnsName } }, { provider });
    });
    expect(all.problems).to.deep.equal([]);
    expect(all.at("ingress/binding").dependsOn).to.include("pods");
    expect(all.at("edge").dependsOn).to.include.members(["ingress/alb", "ingress/listener", "ingress/binding"]);
  });

  it("runs in a preview", async () => {
    const preview = await run({}, true);
    expect(preview.problems).to.deep.equal([]);
    expect(preview.inputs("ingress/listener").loadBalancerArn).to.equal("[unknown]");
  });
});
