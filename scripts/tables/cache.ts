/** The table of docs/adr/0004-edge.md. */
import { type CacheClassName, cacheClasses, challengePattern, pathRules } from "../../components/edge/behaviours";
import { cachePolicy } from "../../components/edge/cache-policies";
import { code, table } from "../markdown";

const units = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** Formats seconds as `5 minutes`. A single day is `24 hours`. */
export function duration(seconds: number): string {
  const [unit, length] =
    units.find(([, length], index) => seconds % length === 0 && (index > 0 || seconds > length)) ?? units[3];
  const count = seconds / length;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** The cache key of a cache policy. The policy contains plain values only. */
interface Key {
  headersConfig: { headers: { items: string[] } };
  cookiesConfig: { cookieBehavior: string };
  queryStringsConfig: { queryStringBehavior: string };
}

function keyOf(name: CacheClassName): string {
  const key = cachePolicy(cacheClasses[name]).parametersInCacheKeyAndForwardedToOrigin as unknown as Key;
  return [
    ...key.headersConfig.headers.items.map(code),
    ...(key.cookiesConfig.cookieBehavior === "all" ? ["cookies"] : []),
    ...(key.queryStringsConfig.queryStringBehavior === "all" ? ["query"] : []),
  ].join(", ");
}

const pathsOf = (cache: CacheClassName | "uncached") =>
  pathRules.filter((rule) => rule.cache === cache).map(({ pattern }) => code(pattern));

function classRow(name: CacheClassName): string[] {
  const { defaultSeconds, maxSeconds } = cacheClasses[name];
  const paths = pathsOf(name);
  return [
    name,
    paths.length > 0 ? paths.join(", ") : "every other path",
    defaultSeconds === 0 ? "not cached" : duration(defaultSeconds),
    duration(maxSeconds),
    keyOf(name),
  ];
}

export function cacheTable(): string {
  const uncached = [...pathsOf("uncached"), code(challengePattern), "the health path"].join(", ");
  return table(
    ["class", "paths", "TTL without cache headers", "maximum TTL", "cache key"],
    ["---", "---", "---", "---", "---"],
    [["uncached", uncached, "never", "never", ""], ...(Object.keys(cacheClasses) as CacheClassName[]).map(classRow)],
  );
}
