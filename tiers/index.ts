import { growth } from "./growth";
import { mvp } from "./mvp";
import { scale } from "./scale";
import { startup } from "./startup";
import type { Tier, TierSpec } from "./types";

/** The sizes of every tier. */
export const tiers: Record<Tier, TierSpec> = { mvp, startup, growth, scale };

export * from "./types";
