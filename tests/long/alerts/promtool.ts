/** Runs promtool on the rules that the stack renders. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { renderRules } from "../../../components/observability/alerts/render";
import { jobs } from "../../../components/observability/jobs";
import type { Series } from "./cases/case";

/** An alert that is expected, or its absence. */
export interface Expectation {
  alertname: string;
  /** Minute. */
  at: number;
  alerts: { labels: Record<string, string>; annotations: Record<string, string> }[];
}

export interface Group {
  name: string;
  series: Series;
  expected: Expectation[];
}

/** The version of a program of Debian's package, or undefined where it is not installed. */
export const versionOf = (program: string): string | undefined => {
  const { stdout, stderr, error } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return error ? undefined : /version (\S+)/.exec(`${stdout}${stderr}`)?.[1];
};

interface RuleFile {
  groups: { name: string; rules: { alert: string }[] }[];
}

/** The rule file of the stack, or only some of its rules: all of them take promtool seconds. */
function ruleFile(certificatesExpire: string | undefined, only: string[] | undefined): string {
  const rendered = renderRules({ jobs, certificatesExpire, restorable: "cluster" });
  if (!only) return rendered;
  const { groups } = parse(rendered) as RuleFile;
  const kept = groups.map(({ name, rules }) => ({ name, rules: rules.filter(({ alert }) => only.includes(alert)) }));
  return stringify({ groups: kept.filter(({ rules }) => rules.length > 0) });
}

/** Runs the groups. Returns what promtool says where one fails, and nothing where all hold. */
export function promtool(
  groups: Group[],
  { certificatesExpire, only }: { certificatesExpire?: string; only?: string[] } = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), "tierstack-rules-"));
  try {
    writeFileSync(join(folder, "alerts.yml"), ruleFile(certificatesExpire, only));
    const tests = groups.map(({ name, series, expected }) => ({
      name,
      interval: "1m",
      input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
      alert_rule_test: expected.map(({ alertname, at, alerts }) => ({
        eval_time: `${at}m`,
        alertname,
        exp_alerts: alerts.map(({ labels, annotations }) => ({ exp_labels: labels, exp_annotations: annotations })),
      })),
    }));
    writeFileSync(
      join(folder, "tests.yml"),
      stringify({ rule_files: ["alerts.yml"], evaluation_interval: "1m", tests }),
    );
    const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", join(folder, "tests.yml")], {
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    return status === 0 ? "" : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
