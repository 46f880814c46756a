import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import {
  type CacheClassName,
  challengePattern,
  type PathRule,
  pathRulesWith,
  type SharedClassName,
} from "./behaviours";
import { managedPolicies } from "./cache-policies";
import { originIds } from "./origins";

type Behaviour = aws.types.input.cloudfront.DistributionDefaultCacheBehavior;
type OrderedBehaviour = aws.types.input.cloudfront.DistributionOrderedCacheBehavior;

/** What the behaviours are put together from: ids of policies, ARNs of functions. */
export interface Parts {
  cachePolicies: Record<CacheClassName, pulumi.Input<string>>;
  /** Response headers policies of answers that are the same for everybody, and of all others. */
  headers: { shared: pulumi.Input<string>; own: pulumi.Input<string> };
  /** Functions that give shared answers their `Cache-Control`. */
  cacheControl: Record<SharedClassName, pulumi.Input<string>>;
  /** Function that answers during maintenance; undefined at any other time. */
  maintenance: pulumi.Input<string> | undefined;
}

const everyMethod = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];
const reading = ["GET", "HEAD"];

/**
 * Answers of these errors are kept for 10 seconds unless told otherwise, uncached paths and other people's cookies
 * included: one visitor's 404 would be everybody's.
 */
const errorsKeptByDefault = [404, 405, 414, 500, 501, 502, 503, 504];

export const customErrorResponses = errorsKeptByDefault.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 }));

function associations(
  parts: Parts,
  onResponse?: pulumi.Input<string>,
): Pick<Behaviour, "functionAssociations"> | undefined {
  const events = { "viewer-request": parts.maintenance, "viewer-response": onResponse };
  const functionAssociations = Object.entries(events).flatMap(([eventType, functionArn]) =>
    functionArn === undefined ? [] : [{ eventType, functionArn }],
  );
  return functionAssociations.length > 0 ? { functionAssociations } : undefined;
}

/** What the application answers itself, with all that the viewer sent. */
function passedOn(parts: Parts): Omit<Behaviour, "cachePolicyId"> {
  return {
    targetOriginId: originIds.app,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: everyMethod,
    cachedMethods: reading,
    originRequestPolicyId: managedPolicies.allViewer,
    responseHeadersPolicyId: parts.headers.own,
    ...associations(parts),
  };
}

function uncached(parts: Parts): Behaviour {
  // CloudFront compresses only what its cache policy tells apart by encoding; here the application compresses.
  return { ...passedOn(parts), cachePolicyId: managedPolicies.cachingDisabled, compress: false };
}

function shared(parts: Parts, cache: SharedClassName): Behaviour {
  return {
    targetOriginId: originIds.app,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: reading,
    cachedMethods: reading,
    cachePolicyId: parts.cachePolicies[cache],
    // No origin request policy: nothing reaches the origin that is not part of the key, so nothing can poison it.
    responseHeadersPolicyId: parts.headers.shared,
    compress: true,
    ...associations(parts, parts.cacheControl[cache]),
  };
}

/** Answers of the node to a certificate authority: over plain HTTP, and during maintenance too. */
const challenge: OrderedBehaviour = {
  pathPattern: challengePattern,
  targetOriginId: originIds.challenge,
  viewerProtocolPolicy: "allow-all",
  allowedMethods: reading,
  cachedMethods: reading,
  cachePolicyId: managedPolicies.cachingDisabled,
  originRequestPolicyId: managedPolicies.allViewer,
  compress: false,
};

/** Every other path: pages. */
export function defaultBehaviour(parts: Parts): Behaviour {
  return { ...passedOn(parts), cachePolicyId: parts.cachePolicies.pages, compress: true };
}

/** Behaviours by path, the first that matches wins. */
export function orderedBehaviours(parts: Parts, args: { healthPath: string; challenged: boolean }): OrderedBehaviour[] {
  const behaviour = ({ cache }: PathRule) => (cache === "uncached" ? uncached(parts) : shared(parts, cache));
  return [
    ...(args.challenged ? [challenge] : []),
    ...pathRulesWith(args.healthPath).map((rule) => ({ pathPattern: rule.pattern, ...behaviour(rule) })),
  ];
}

/** Certificate towards viewers: the domain's, or CloudFront's own. */
export function viewerCertificate(
  acmCertificateArn: pulumi.Input<string> | undefined,
): aws.types.input.cloudfront.DistributionViewerCertificate {
  if (acmCertificateArn === undefined) return { cloudfrontDefaultCertificate: true };
  return { acmCertificateArn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" };
}
