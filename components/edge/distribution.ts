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

/** Parts of the behaviours: IDs of policies, ARNs of functions. */
export interface Parts {
  cachePolicies: Record<CacheClassName, pulumi.Input<string>>;
  /** Response headers policies of shared responses and of all others. */
  headers: { shared: pulumi.Input<string>; default: pulumi.Input<string> };
  /** Functions that add `Cache-Control` to shared responses. */
  cacheControl: Record<SharedClassName, pulumi.Input<string>>;
  /** Function that responds during maintenance; undefined otherwise. */
  maintenance: pulumi.Input<string> | undefined;
}

const allMethods = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];
const readMethods = ["GET", "HEAD"];

/**
 * CloudFront caches these errors for 10 seconds by default, even on uncached paths and regardless of cookies: one
 * visitor's 404 would be everyone's.
 */
const errorsCachedByDefault = [404, 405, 414, 500, 501, 502, 503, 504];

export const customErrorResponses = errorsCachedByDefault.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 }));

function associations(
  parts: Parts,
  viewerResponse?: pulumi.Input<string>,
): Pick<Behaviour, "functionAssociations"> | undefined {
  const events = { "viewer-request": parts.maintenance, "viewer-response": viewerResponse };
  const functionAssociations = Object.entries(events).flatMap(([eventType, functionArn]) =>
    functionArn === undefined ? [] : [{ eventType, functionArn }],
  );
  return functionAssociations.length > 0 ? { functionAssociations } : undefined;
}

/** Passes the request to the application with everything that the viewer sent. */
function proxied(parts: Parts): Omit<Behaviour, "cachePolicyId"> {
  return {
    targetOriginId: originIds.app,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: allMethods,
    cachedMethods: readMethods,
    originRequestPolicyId: managedPolicies.allViewer,
    responseHeadersPolicyId: parts.headers.default,
    ...associations(parts),
  };
}

function uncached(parts: Parts): Behaviour {
  // CloudFront compresses only if the encoding is part of the cache key. Here the application compresses.
  return { ...proxied(parts), cachePolicyId: managedPolicies.cachingDisabled, compress: false };
}

function shared(parts: Parts, cache: SharedClassName): Behaviour {
  return {
    targetOriginId: originIds.app,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: readMethods,
    cachedMethods: readMethods,
    cachePolicyId: parts.cachePolicies[cache],
    // No origin request policy: the origin sees only what is part of the cache key, so nothing can poison the cache.
    responseHeadersPolicyId: parts.headers.shared,
    compress: true,
    ...associations(parts, parts.cacheControl[cache]),
  };
}

/** HTTP-01 challenges of the node's certificate: over plain HTTP, and during maintenance too. */
const challenge: OrderedBehaviour = {
  pathPattern: challengePattern,
  targetOriginId: originIds.challenge,
  viewerProtocolPolicy: "allow-all",
  allowedMethods: readMethods,
  cachedMethods: readMethods,
  cachePolicyId: managedPolicies.cachingDisabled,
  originRequestPolicyId: managedPolicies.allViewer,
  compress: false,
};

/** Returns the behaviour of all other paths: pages. */
export function defaultBehaviour(parts: Parts): Behaviour {
  return { ...proxied(parts), cachePolicyId: parts.cachePolicies.pages, compress: true };
}

/** Returns the behaviours by path. The first match wins. */
export function orderedBehaviours(
  parts: Parts,
  args: { healthPath: string; acmeChallenge: boolean },
): OrderedBehaviour[] {
  const behaviour = ({ cache }: PathRule) => (cache === "uncached" ? uncached(parts) : shared(parts, cache));
  return [
    ...(args.acmeChallenge ? [challenge] : []),
    ...pathRulesWith(args.healthPath).map((rule) => ({ pathPattern: rule.pattern, ...behaviour(rule) })),
  ];
}

/** Returns the certificate that viewers see: the domain's, or CloudFront's default. */
export function viewerCertificate(
  acmCertificateArn: pulumi.Input<string> | undefined,
): aws.types.input.cloudfront.DistributionViewerCertificate {
  if (acmCertificateArn === undefined) return { cloudfrontDefaultCertificate: true };
  return { acmCertificateArn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" };
}
