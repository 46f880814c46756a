const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** How long CloudFront keeps a kind of answer. Seconds. */
export interface CacheClass {
  /** Kept where the origin sends no `Cache-Control`. */
  defaultSeconds: number;
  /** Kept at the most, whatever the origin sends. */
  maxSeconds: number;
  /** The same for every visitor: neither cookies nor credentials reach the origin, and none come back. */
  shared: boolean;
}

/**
 * The guides' table: 5 minutes, 1 hour, 24 hours.
 *
 * A page may be somebody's own, and only the application knows: CloudFront keeps one only where its `Cache-Control`
 * says so, and then for 5 minutes at the most. A default of 5 minutes would hand one visitor's `Set-Cookie` to the next.
 */
export const cacheClasses = {
  pages: { defaultSeconds: 0, maxSeconds: 5 * minute, shared: false },
  hourly: { defaultSeconds: hour, maxSeconds: day, shared: true },
  // Files whose name carries a hash of their content may say a year.
  static: { defaultSeconds: day, maxSeconds: 365 * day, shared: true },
} as const satisfies Record<string, CacheClass>;

export type CacheClassName = keyof typeof cacheClasses;
/** Classes whose answers are the same for everybody. */
export const sharedClasses = ["hourly", "static"] as const satisfies CacheClassName[];
export type SharedClassName = (typeof sharedClasses)[number];

export interface PathRule {
  /** CloudFront's path pattern; the first that matches wins. */
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

/** Where a certificate authority looks for the answer to its HTTP-01 challenge. */
export const challengePattern = "/.well-known/acme-challenge/*";

/** The rules for an application with this health path: a health check is answered by the origin, never by a cache. */
export function pathRulesWith(healthPath: string): PathRule[] {
  return [{ pattern: healthPath, cache: "uncached" }, ...pathRules.filter(({ pattern }) => pattern !== healthPath)];
}

/** `Cache-Control` of a shared answer whose origin sends none: stale for as long again while it is fetched anew. */
export function cacheControlOf(cache: SharedClassName): string {
  const { defaultSeconds } = cacheClasses[cache];
  return `public, max-age=${defaultSeconds}, stale-while-revalidate=${defaultSeconds}`;
}

/**
 * Regular expression of the paths that CloudFront answers from shared caches. A path with an escape or with `..` does
 * not match: CloudFront resolves those before it picks a behaviour, so such a path may lead elsewhere.
 */
export function sharedPathPattern(): string {
  const patterns = pathRules.filter(({ cache }) => cache !== "uncached").map(({ pattern }) => pattern);
  const escaped = (text: string) => text.replaceAll(".", "\\.");
  const folders = patterns.filter((pattern) => pattern.endsWith("/*")).map((pattern) => escaped(pattern.slice(0, -2)));
  const files = patterns.filter((pattern) => !pattern.endsWith("/*")).map(escaped);
  const anyPlainPath = "(?:[^%.]|\\.[^%.])*";
  return `^(?:${[`(?:${folders.join("|")})/${anyPlainPath}`, ...files].join("|")})$`;
}
