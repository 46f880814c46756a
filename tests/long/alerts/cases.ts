import { applicationCases } from "./cases/application";
import { cacheCases } from "./cases/cache";
import type { Case } from "./cases/case";
import { databaseCases } from "./cases/database";
import { monitoringCases } from "./cases/monitoring";
import { nodeExporterCases } from "./cases/node-exporter";
import { kubernetesCases, nodeCases } from "./cases/platform";
import { poolerCases } from "./cases/pooler";
import { queueCases } from "./cases/queues";
import { restoreCases } from "./cases/restores";

/** A case for each rule, by its name; those of the certificates and the watchdog are in the test itself. */
export const cases: Record<string, Case> = {
  ...applicationCases,
  ...queueCases,
  ...databaseCases,
  ...restoreCases,
  ...poolerCases,
  ...cacheCases,
  ...nodeCases,
  ...nodeExporterCases,
  ...kubernetesCases,
  ...monitoringCases,
};
