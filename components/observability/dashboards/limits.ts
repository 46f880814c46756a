import { thresholds } from "../../../tiers/thresholds";

const { healthy, restore, target } = thresholds;

/** From where on a panel is red: seconds and shares, as Prometheus has them, and days. */
export const limits = {
  answer: target.p95Ms / 1000,
  job: target.jobSeconds,
  transaction: target.queryMs / 1000,
  cacheHits: target.cacheHits / 100,
  errors: healthy.errors / 100,
  connections: healthy.connections / 100,
  cpu: healthy.cpu / 100,
  memory: healthy.memory / 100,
  verifiedDays: restore.verifiedDays,
};
