import type { TierSpec } from "../../tiers";

export type Target = TierSpec["cluster"];

export const targetOf = (spec: TierSpec): Target => spec.cluster;
export const withTarget = (spec: TierSpec, target: Target): TierSpec => ({ ...spec, cluster: target });
