import type { TierSpec } from "../../tiers";

export type Target = TierSpec["target"];

export const targetOf = (spec: TierSpec): Target => spec.target;
export const withTarget = (spec: TierSpec, target: Target): TierSpec => ({ ...spec, target });
