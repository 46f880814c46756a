/** What the settings `keep.*` keep of a tier that the stack has left. */
import type { Keep, TierSpec } from "../../tiers";
import type { PlannedResource } from "../record/planned";

/** A setting that keeps what a move would delete. */
export type KeepSetting = `keep.${keyof Keep}`;

/** What a setting keeps of a component: resources of these types, or all. */
const keeps: Record<string, { setting: KeepSetting; types?: string[] } | undefined> = {
  "tierstack:cluster:K3sState": { setting: "keep.nodeState" },
  "tierstack:postgres:Postgres": { setting: "keep.managedStores", types: ["aws:rds/instance:Instance"] },
  "tierstack:redis:Redis": {
    setting: "keep.managedStores",
    types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
  },
};

/** The setting that keeps a resource, by the plan that has it; undefined where none does. */
export function keptBySetting({ type, parent }: PlannedResource, by: Map<string, PlannedResource>) {
  const rule = keeps[by.get(parent ?? "")?.type ?? ""];
  return rule && (rule.types?.includes(type) ?? true) ? rule.setting : undefined;
}

/** The settings by which a stack keeps what its sizes do not use. */
export function keepingSettings({ keep, postgres, target }: TierSpec): KeepSetting[] {
  return [
    ...(keep.managedStores && postgres.place === "cluster" ? (["keep.managedStores"] as const) : []),
    ...(keep.nodeState && target.kind === "eks" ? (["keep.nodeState"] as const) : []),
  ];
}
