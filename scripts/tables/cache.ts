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

/** `5 minutes`; a single day is `24 hours`. */
export function duration(seconds: number): string {
  const [unit, length] =
    units.find(([, length], index) => seconds % length === 0 && (index > 0 || seconds > length)) ?? units[3];
  const count = seconds / length;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Parts of a cache policy that tell two answers apart; the policy is made of plain values. */
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
    defaultSeconds === 0 ? "not" : duration(defaultSeconds),
    duration(maxSeconds),
    keyOf(name),
  ];
}

export function cacheTable(): string {
  const uncached = [...pathsOf("uncached"), code(challengePattern), "the health path"].join(", ");
  return table(
    ["class", "paths", "kept where the origin says nothing", "kept at the most", "key"],
    ["---", "---", "---", "---", "---"],
    [["uncached", uncached, "never", "never", ""], ...(Object.keys(cacheClasses) as CacheClassName[]).map(classRow)],
  );
}
