import type * as aws from "@pulumi/aws";
import type { CacheClass } from "./behaviours";

/** Policies that AWS manages, by their published ids. */
export const managedPolicies = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  /** AllViewerAndCloudFrontHeaders-2022-06: forwards every header (`Host` among them), cookie and query string of the
   * viewer, and what CloudFront knows of him: the gateway reads the viewer's protocol there. */
  allViewer: "33f36d7e-f396-46d9-90e0-52428a34d9dc",
} as const;

const oneYear = 365 * 24 * 3600;

/**
 * What a page may differ by. CloudFront heeds no `Vary`: what is not part of the key is the same page to it.
 */
const pageHeaders = ["Accept", "Accept-Language", "Authorization", "Host", "Origin"];

/** How long a class of answers is kept, and what tells two of them apart. */
export function cachePolicy({ defaultSeconds, maxSeconds, shared }: CacheClass): aws.cloudfront.CachePolicyArgs {
  return {
    // The origin's `no-store`, `no-cache` and `private` hold only where the minimum is 0.
    minTtl: 0,
    defaultTtl: defaultSeconds,
    maxTtl: maxSeconds,
    parametersInCacheKeyAndForwardedToOrigin: {
      headersConfig: { headerBehavior: "whitelist", headers: { items: shared ? ["Host"] : pageHeaders } },
      cookiesConfig: { cookieBehavior: shared ? "none" : "all" },
      queryStringsConfig: { queryStringBehavior: "all" },
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    },
  };
}

/**
 * Headers of every answer. The application's own win, but for `nosniff`.
 * @param shared  answers that every visitor gets: without `Set-Cookie`, which would hand out one visitor's session
 * @param ownDomain  whether the product has a domain that is its own to bind to HTTPS
 */
export function responseHeaders(args: {
  shared: boolean;
  ownDomain: boolean;
}): aws.cloudfront.ResponseHeadersPolicyArgs {
  return {
    securityHeadersConfig: {
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "SAMEORIGIN", override: false },
      referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: false },
      // Without sub-domains: they may be other people's.
      ...(args.ownDomain && { strictTransportSecurity: { accessControlMaxAgeSec: oneYear, override: false } }),
    },
    ...(args.shared && { removeHeadersConfig: { items: [{ header: "Set-Cookie" }] } }),
  };
}
