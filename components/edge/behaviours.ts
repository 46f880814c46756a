const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** How long CloudFront caches a class of responses, in seconds. */
export interface CacheClass {
  /** Time to cache a response if the origin sends no `Cache-Control`. */
  defaultSeconds: number;
  /** Upper bound on the time that the origin sends. */
  maxSeconds: number;
  /** Whether the response is the same for every visitor. No cookies or credentials reach the origin or come back. */
  shared: boolean;
}

/**
 * Times to cache: 5 minutes, 1 hour, 24 hours.
 *
 * A page may be personal, and only the application knows. So CloudFront caches a page only if its `Cache-Control`
 * allows it, for at most 5 minutes. A default of 5 minutes would serve one visitor's `Set-Cookie` to the next.
 */
export const cacheClasses = {
  pages: { defaultSeconds: 0, maxSeconds: 5 * minute, shared: false },
  hourly: { defaultSeconds: hour, maxSeconds: day, shared: true },
  // Up to a year, if the origin says so: for files with a content hash in the name.
  static: { defaultSeconds: day, maxSeconds: 365 * day, shared: true },
} as const satisfies Record<string, CacheClass>;

export type CacheClassName = keyof typeof cacheClasses;
/** Classes whose responses are the same for every visitor. */
export const sharedClasses = ["hourly", "static"] as const satisfies CacheClassName[];
export type SharedClassName = (typeof sharedClasses)[number];

export interface PathRule {
  /** CloudFront path pattern. The first match wins. */
  pattern: string;
  cache: SharedClassName | "uncached";
}

/** Paths of the application that are not pages. */
export const pathRules: PathRule[] = [
  { pattern: "/api/*", cache: "uncached" },
  { pattern: "/static/*", cache: "static" },
  { pattern: "/assets/*", cache: "static" },
  { pattern: "/_next/static/*", cache: "static" },
  { pattern: "/images/*", cache: "hourly" },
  { pattern: "/favicon.ico", cache: "hourly" },
  { pattern: "/robots.txt", cache: "hourly" },
];

/** Paths that a certificate authority requests for an HTTP-01 challenge. */
export const challengePattern = "/.well-known/acme-challenge/*";

/** Returns the rules for an application with this health path. Health checks are never cached. */
export function pathRulesWith(healthPath: string): PathRule[] {
  return [{ pattern: healthPath, cache: "uncached" }, ...pathRules.filter(({ pattern }) => pattern !== healthPath)];
}

/** Returns the `Cache-Control` for a shared response without one. While it is revalidated, it may be served stale for
 * the same time again. */
export function cacheControlOf(cache: SharedClassName): string {
  const { defaultSeconds } = cacheClasses[cache];
  return `public, max-age=${defaultSeconds}, stale-while-revalidate=${defaultSeconds}`;
}

/**
 * Returns a regular expression for the paths that CloudFront serves from shared caches. A path with an escape or `..`
 * does not match: CloudFront resolves these before it selects a behaviour, so the path may lead elsewhere.
 */
export function sharedPathPattern(): string {
  const patterns = pathRules.filter(({ cache }) => cache !== "uncached").map(({ pattern }) => pattern);
  const escaped = (text: string) => text.replaceAll(".", "\\.");
  const folders = patterns.filter((pattern) => pattern.endsWith("/*")).map((pattern) => escaped(pattern.slice(0, -2)));
  const files = patterns.filter((pattern) => !pattern.endsWith("/*")).map(escaped);
  const anyPlainPath = "(?:[^%.]|\\.[^%.])*";
  return `^(?:${[`(?:${folders.join("|")})/${anyPlainPath}`, ...files].join("|")})$`;
}
