/** What a move of a provider does to the resources that it holds. */
import type { PlannedResource } from "../record/planned";
import { takes } from "../record/properties";
import type { Pair } from "./identity";
import type { Difference } from "./properties";

/** The providers of a resource on both sides of a move. */
export interface Providers {
  old: PlannedResource | undefined;
  /** The provider after the move, with what it was before. */
  next: Pair | undefined;
  /** Whether the move replaces that one. */
  isReplaced: boolean;
}

/**
 * Whether a resource is replaced with its provider. The engine asks the new provider to compare both configurations
 * (step_generator.go, providerChanged), and only that of Kubernetes replaces anything: another cluster.
 */
export function replacedByProvider(before: PlannedResource, after: PlannedResource, providers: Providers): boolean {
  if (!after.type.startsWith("kubernetes:") || (!before.provider && !after.provider)) return false;
  const { old, next, isReplaced } = providers;
  const stays = next?.before !== undefined && next.before.path === before.provider;
  // The engine does not compare a provider that an alias renames, although it replaces it.
  if (stays) return !next.aliased && isReplaced;
  const cluster = old?.inputs.clusterIdentifier;
  return cluster === undefined || cluster !== next?.after?.inputs.clusterIdentifier;
}

/**
 * The change of an AWS resource's region, by its own or by its provider's, which replaces it
 * (terraform-provider-aws 6, internal/provider, forceNewIfRegionChanges).
 */
export function regionChange(
  before: PlannedResource,
  after: PlannedResource,
  { old, next }: Providers,
): Difference | undefined {
  if (!after.type.startsWith("aws:") || takes(after.type, "region") === false) return undefined;
  const from = before.inputs.region ?? old?.inputs.region;
  const to = after.inputs.region ?? next?.after?.inputs.region;
  if (typeof from !== "string" || typeof to !== "string" || from === to) return undefined;
  return { property: "region", names: ["region"], before: from, after: to };
}
