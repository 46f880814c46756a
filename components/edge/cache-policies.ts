import type * as aws from "@pulumi/aws";
import type { CacheClass } from "./behaviours";

/** AWS managed policies, by their published IDs. */
export const managedPolicies = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  /** AllViewerAndCloudFrontHeaders-2022-06: forwards all headers (including `Host`), cookies and query strings of the
   * viewer, and CloudFront's own headers. The gateway reads the viewer's protocol from these. */
  allViewer: "33f36d7e-f396-46d9-90e0-52428a34d9dc",
} as const;

const oneYear = 365 * 24 * 3600;

/** Headers that a page may vary by. CloudFront ignores `Vary`, so they must be part of the cache key. The visitor's other
 * headers reach the origin too; the gateway removes those with which a page could be poisoned. */
const pageHeaders = ["Accept", "Accept-Language", "Authorization", "Host", "Origin"];

/** Returns the cache policy of a class: its TTLs and cache key. */
export function cachePolicy({ defaultSeconds, maxSeconds, shared }: CacheClass): aws.cloudfront.CachePolicyArgs {
  return {
    // CloudFront respects the origin's `no-store`, `no-cache` and `private` only with a minimum of 0.
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
 * Returns the response headers policy. The application's headers take precedence, except for `nosniff`.
 * @param args.shared  whether every visitor gets the same response; `Set-Cookie` would then leak one visitor's session
 * @param args.ownDomain  whether the product has its own domain, which HSTS can bind to HTTPS
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
      // Without subdomains: they may belong to someone else.
      ...(args.ownDomain && { strictTransportSecurity: { accessControlMaxAgeSec: oneYear, override: false } }),
    },
    ...(args.shared && { removeHeadersConfig: { items: [{ header: "Set-Cookie" }] } }),
  };
}
