import { type Tier, tiers } from ".";

/** Returns the most that a stack may cost a month, in USD: what the user set, or what the tier accepts. */
export function monthlyLimitUsd(tier: Tier, own: number | undefined): number {
  const { to, accepted } = tiers[tier].budgetUsd;
  return own ?? accepted?.upToUsd ?? to;
}
