import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { originHeader } from "../support/names";

/** The k3s node, reached over the internet by its public name. */
export interface NodeOrigin {
  kind: "node";
  /** Public DNS name of the node. */
  domainName: pulumi.Input<string>;
  /** Value of the origin header, by which the node recognizes CloudFront. Becomes a secret. */
  secret: pulumi.Input<string>;
  /** Whether the node has a certificate for the product's domain, issued through CloudFront. */
  https: boolean;
}

/** An internal Application Load Balancer, reached through CloudFront's network interfaces in the VPC. */
export interface LoadBalancerOrigin {
  kind: "loadBalancer";
  /** ARN of the load balancer. A change replaces the VPC origin. */
  arn: pulumi.Input<string>;
  /** DNS name of the load balancer. */
  domainName: pulumi.Input<string>;
}

/** Where CloudFront sends requests that no cache answers. */
export type Origin = NodeOrigin | LoadBalancerOrigin;

/** Origin IDs in the distribution. They are the same for every kind of origin, so behaviours never change with it. */
export const originIds = { app: "app", challenge: "acme-challenge" } as const;

const originPorts = { httpPort: 80, httpsPort: 443 };
/** Seconds. CloudFront closes idle connections first: Traefik waits 180 s, a load balancer 60 s. */
const timeouts = { originReadTimeout: 60, originKeepaliveTimeout: 30 };

function nodeOrigin(
  { domainName, secret }: NodeOrigin,
  originId: string,
  originProtocolPolicy: "http-only" | "https-only",
): aws.types.input.cloudfront.DistributionOrigin {
  return {
    originId,
    domainName,
    // Only the value is secret, so that a plan shows the rest of the origin.
    customHeaders: [{ name: originHeader, value: pulumi.secret(secret) }],
    customOriginConfig: { ...originPorts, ...timeouts, originProtocolPolicy, originSslProtocols: ["TLSv1.2"] },
  };
}

/** Returns the origins of a distribution in front of a node. */
export function nodeOrigins(node: NodeOrigin): aws.types.input.cloudfront.DistributionOrigin[] {
  if (!node.https) return [nodeOrigin(node, originIds.app, "http-only")];
  // The node gets its first certificate through the challenge, so the challenge cannot require one.
  return [nodeOrigin(node, originIds.app, "https-only"), nodeOrigin(node, originIds.challenge, "http-only")];
}

/** Returns the origin of a distribution in front of a load balancer. */
export function loadBalancerOrigin(
  domainName: pulumi.Input<string>,
  vpcOriginId: pulumi.Input<string>,
): aws.types.input.cloudfront.DistributionOrigin {
  return { originId: originIds.app, domainName, vpcOriginConfig: { vpcOriginId, ...timeouts } };
}

/** Returns the name of a VPC origin: the load balancer's name and ID, so a new origin can be created while the old one
 * is in use. */
export function vpcOriginName(loadBalancerArn: string): string {
  return loadBalancerArn.split("/").slice(-2).join("-");
}

/** Returns the endpoint of a VPC origin: a load balancer that CloudFront reaches over HTTPS. */
export function vpcOrigin(
  arn: pulumi.Input<string>,
  name: pulumi.Input<string>,
): aws.types.input.cloudfront.VpcOriginVpcOriginEndpointConfig {
  return {
    name,
    arn,
    ...originPorts,
    originProtocolPolicy: "https-only",
    originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
  };
}
