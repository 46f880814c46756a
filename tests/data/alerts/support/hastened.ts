import { parse, stringify } from "yaml";

/** How many times faster than in a stack time passes for rules: an hour is a minute. */
const factor = 60;

/** Shortest window of a rate, in seconds: two scrapes and more. */
const leastWindow = 12;
/** Longer ones, in seconds: Alertmanager starts again within it on a busy machine, and is told while the alert still fires. */
const windows: Record<string, number> = { AlertsDropped: 45 };
/** Bounds of how long an alert must hold. */
const holds = { least: 2, most: 6 };

const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const secondsOf = (duration: string) =>
  Number.parseInt(duration, 10) * unitSeconds[duration.slice(-1) as keyof typeof unitSeconds];

const shorter = (duration: string) => Math.ceil(secondsOf(duration) / factor);

/** Thresholds that are times themselves. */
const times: Record<string, [string, string]> = {
  PostgresTransactionLong: ["> 300", "> 5"],
  PostgresReplicaLags: ["> 30", "> 1"],
};

interface RuleFile {
  groups: { rules: { alert: string; expr: string; for?: string }[] }[];
}

/** The rule file with windows and waits that a test can live through. Every threshold but a time stays. */
export function hastenedRules(text: string): string {
  const file = parse(text) as RuleFile;
  for (const rule of file.groups.flatMap(({ rules }) => rules)) {
    const [from, to] = times[rule.alert] ?? ["", ""];
    if (!rule.expr.includes(from)) throw new Error(`${rule.alert}: no ${from}`);
    rule.expr = rule.expr
      .replace(/\[(\d+[smhd])\]/g, (_, window) => `[${windows[rule.alert] ?? Math.max(leastWindow, shorter(window))}s]`)
      .replace(from, to);
    if (rule.for) rule.for = `${Math.min(holds.most, Math.max(holds.least, shorter(rule.for)))}s`;
  }
  return stringify(file);
}

interface Route {
  group_wait?: string;
  group_interval?: string;
  repeat_interval?: string;
  routes?: Route[];
}

/** The configuration of Alertmanager without its waits for other alerts of a group. */
export function hastenedRoutes(text: string): string {
  const config = parse(text) as { route: Route };
  const hasten = (route: Route) => {
    if (route.group_wait) route.group_wait = "1s";
    if (route.group_interval) route.group_interval = "1s";
    // The heartbeat's: mails are not repeated within a test.
    if (route.repeat_interval === "1m") route.repeat_interval = "1s";
    route.routes?.forEach(hasten);
  };
  hasten(config.route);
  return stringify(config);
}
