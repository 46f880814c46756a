/** What the settings `keep.*` keep of a tier that the stack has left. */
import { frozenProperties } from "../../components/postgres/managed/instances";
import type { Keep, TierSpec } from "../../tiers";
import type { PlannedResource } from "../record/planned";

/** A setting that keeps what a move would delete. */
export type KeepSetting = `keep.${keyof Keep}` | "postgres.previous";

const database = "aws:rds/instance:Instance";

/** Whether a resource is an instance of the previous generation, which the stack does not change. */
export const isPreviousDatabase = ({ type, options }: Pick<PlannedResource, "type" | "options">): boolean =>
  type === database && frozenProperties.every((property) => options.ignoreChanges?.includes(property));

/** What a setting keeps of a component: resources of these types, or all. */
const keeps: Record<string, { setting: KeepSetting; types?: string[] } | undefined> = {
  "tierstack:cluster:K3sState": { setting: "keep.nodeState" },
  "tierstack:postgres:Postgres": { setting: "keep.managedStores", types: [database] },
  "tierstack:redis:Redis": {
    setting: "keep.managedStores",
    types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
  },
};

/** The setting that keeps a resource, by the plan that has it; undefined where none does. */
export function keptBySetting(resource: PlannedResource, by: Map<string, PlannedResource>): KeepSetting | undefined {
  const { type, parent } = resource;
  const rule = keeps[by.get(parent ?? "")?.type ?? ""];
  if (rule && isPreviousDatabase(resource)) return "postgres.previous";
  return rule && (rule.types?.includes(type) ?? true) ? rule.setting : undefined;
}

/** The settings by which a stack keeps what its sizes do not use. */
export function keepingSettings({ keep, postgres, target }: TierSpec): KeepSetting[] {
  return [
    ...(keep.managedStores && postgres.place === "cluster" ? (["keep.managedStores"] as const) : []),
    ...(postgres.previous ? (["postgres.previous"] as const) : []),
    ...(keep.nodeState && target.kind === "eks" ? (["keep.nodeState"] as const) : []),
  ];
}
