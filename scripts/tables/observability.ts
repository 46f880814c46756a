/** What a stack sets for observability, by tier. docs/observability.md shows it with its cost. */
import type { SettingsInput } from "../../config/schema";
import type { Tier } from "../../tiers";

/** What a tier needs beside the key. */
const beside: Record<Tier, Partial<SettingsInput>> = {
  // AWS Budgets mails by forecast at 80 % of a limit of the user's, so it is a quarter more than what the plan expects.
  mvp: { nodes: { instanceTypes: ["t4g.medium"], dataVolumeGiB: 15 }, budgetUsd: 23 },
  startup: { nodes: { dataVolumeGiB: 15 } },
  growth: {},
  scale: {},
};

/**
 * A size of the logs' volume for each tier. On a k3s node it lies on the data volume, which gets as much more, and it is the
 * same at MVP and Startup: k3s resizes none.
 */
const logsGiB: Record<Tier, number> = { mvp: 2, startup: 2, growth: 8, scale: 20 };

/** What a tier needs beside the logs: with the alarms of AWS too, Startup is above its budget. */
const besideLogs: Partial<Record<Tier, Partial<SettingsInput>>> = { startup: { budgetUsd: 126 } };

const valueText = (value: unknown) => (Array.isArray(value) ? `[${value.join(", ")}]` : String(value));

/** The keys with their values, as `nodes.dataVolumeGiB: 15`. */
const keysOf = (settings: object, prefix = ""): string[] =>
  Object.entries(settings).flatMap(([key, value]) =>
    typeof value === "object" && !Array.isArray(value)
      ? keysOf(value, `${prefix}${key}.`)
      : [`\`${prefix}${key}: ${valueText(value)}\``],
  );

/** What a stack sets, and its text. */
interface Observed {
  label: string;
  settings: Partial<SettingsInput>;
}

/** Returns the settings of a tier with observability. */
export function observed(tier: Tier): Observed {
  const settings = { observability: { enabled: true }, ...beside[tier] };
  return { label: keysOf(settings).join(", "), settings };
}

/** The same with the logs of the pods. The text is of what they add. */
export function logged(tier: Tier): Observed {
  const { nodes, ...others } = beside[tier];
  const own = {
    observability: { logsGiB: logsGiB[tier] },
    ...(nodes?.dataVolumeGiB && { nodes: { dataVolumeGiB: nodes.dataVolumeGiB + logsGiB[tier] } }),
    ...besideLogs[tier],
  };
  const settings = {
    ...others,
    ...own,
    observability: { enabled: true, ...own.observability },
    ...(own.nodes && { nodes: { ...nodes, ...own.nodes } }),
  };
  return { label: keysOf(own).join(", "), settings };
}
