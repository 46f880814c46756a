import type { Tier } from "../tiers";

/** Names of the tiers in prose. */
export const titles: Record<Tier, string> = { mvp: "MVP", startup: "Startup", growth: "Growth", scale: "Scale" };
