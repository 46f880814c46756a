import type { PostgresPlace } from "../../../tiers";
import { type Job, jobs } from "../jobs";
import { type AlertRule, jobsOf } from "./rule";
import { applicationRules } from "./rules/application";
import { cacheRules } from "./rules/cache";
import { certificateRules } from "./rules/certificates";
import { databaseRules } from "./rules/database";
import { monitoringRules } from "./rules/monitoring";
import { nodeExporterRules } from "./rules/node-exporter";
import { kubernetesRules, nodeRules } from "./rules/platform";
import { poolerRules } from "./rules/pooler";
import { queueRules } from "./rules/queues";
import { restoreRules } from "./rules/restores";

export interface RuleArgs {
  /** What Prometheus scrapes. A rule that reads a metric of another job is left out: it could never fire. */
  jobs: readonly Job[];
  /** When the first certificate of the product's own authority expires: ISO 8601. @default no rule about it */
  certificatesExpire?: string | undefined;
  /** Where `npm run drill -- restore` can restore a backup of the stack. @default nowhere: no rule about it */
  restorable?: PostgresPlace | undefined;
}

/** Returns the rules of a stack. */
export function rulesOf({ jobs: scraped, certificatesExpire, restorable }: RuleArgs): AlertRule[] {
  const rules = [
    ...applicationRules,
    ...queueRules,
    ...databaseRules,
    ...(restorable ? restoreRules(restorable) : []),
    ...poolerRules,
    ...cacheRules,
    ...nodeRules,
    ...nodeExporterRules,
    ...kubernetesRules,
    ...(certificatesExpire ? certificateRules(Math.floor(Date.parse(certificatesExpire) / 1000)) : []),
    ...monitoringRules,
  ];
  return rules.filter((rule) => jobsOf(rule).every((job) => scraped.includes(job)));
}

/** Every rule that a stack may have. The one of the certificates has a time that stands for theirs. */
export const everyRule = rulesOf({ jobs, certificatesExpire: new Date(0).toISOString(), restorable: "cluster" });
