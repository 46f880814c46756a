/** Source of CloudFront functions (`cloudfront-js-2.0`): no imports, at most 10 KB. */

export const functionRuntime = "cloudfront-js-2.0";

/** Returns a function that responds with 503 and a page to every request except health checks. */
export function maintenanceFunction(args: { healthPath: string; page: string; retryAfterSeconds: number }): string {
  const headers = {
    "content-type": { value: "text/html; charset=utf-8" },
    "cache-control": { value: "no-store" },
    "retry-after": { value: String(args.retryAfterSeconds) },
  };
  return `function handler(event) {
  if (event.request.uri === ${JSON.stringify(args.healthPath)}) return event.request;
  return {
    statusCode: 503,
    statusDescription: "Service Unavailable",
    headers: ${JSON.stringify(headers)},
    body: { encoding: "text", data: ${JSON.stringify(args.page)} },
  };
}
`;
}

/**
 * Returns a function that adds `Cache-Control` to responses without one. A response headers policy would add it to
 * errors and redirects too: a browser would remember for a day that a file was missing during a rollout.
 */
export function cacheControlFunction(cacheControl: string): string {
  return `function handler(event) {
  const response = event.response;
  const headers = response.headers;
  const whole = [200, 206, 304].includes(response.statusCode);
  if (whole && !headers["cache-control"] && !headers.expires) {
    headers["cache-control"] = { value: ${JSON.stringify(cacheControl)} };
  }
  return response;
}
`;
}
