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

const valueText = (value: unknown) => (Array.isArray(value) ? `[${value.join(", ")}]` : String(value));

/** The keys with their values, as `nodes.dataVolumeGiB: 15`. */
const keysOf = (settings: object, prefix = ""): string[] =>
  Object.entries(settings).flatMap(([key, value]) =>
    typeof value === "object" && !Array.isArray(value)
      ? keysOf(value, `${prefix}${key}.`)
      : [`\`${prefix}${key}: ${valueText(value)}\``],
  );

/** Returns the settings of a tier with observability, and their text. */
export function observed(tier: Tier): { label: string; settings: Partial<SettingsInput> } {
  const settings = { observability: { enabled: true }, ...beside[tier] };
  return { label: keysOf(settings).join(", "), settings };
}
