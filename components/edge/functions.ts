/** Source of CloudFront functions (`cloudfront-js-2.0`): no imports, 10 KB at the most. */

export const functionRuntime = "cloudfront-js-2.0";

/** Answers 503 with a page to every request but one for the health path. */
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
 * Gives an answer without `Cache-Control` one. A response headers policy would do so for errors and redirects too: a
 * file that is missing for a moment in a rollout would stay missing in a browser for a day.
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
