import { adviceRuleTable, leverTable, metricTable, tooLargeTable, unhealthyTable } from "./advise";
import { alarmTable, budgetMailTable } from "./alarms";
import { contractTable } from "./application-metrics";
import { cacheTable } from "./cache";
import { assumptionTable, carriedTable } from "./capacity";
import { dataBenchTable, dataFaultTable } from "./data-path";
import { downtimeTable } from "./downtime";
import type { Tables } from "./fill";
import { pauseTable, phaseTable } from "./handover";
import { heartbeatTable } from "./heartbeat";
import { jobTable } from "./jobs";
import { rateTable, scenarioTable, thresholdTable } from "./load";
import { monitorTable } from "./monitor";
import { nodeMemoryTable } from "./node-memory";
import { oneOffTable } from "./one-off";
import { pinTable } from "./pins";
import { policyTable, policyTypeTable } from "./policy";
import { preflightTable } from "./preflight";
import { prioritiesTable } from "./priorities";
import { variableTable } from "./variables";
import { startWork, stopWork } from "./work";
import {
  jobVariableTable,
  limitTable,
  ownVariableTable,
  patternTable,
  ttlTable,
  workloadMetricTable,
} from "./workload";

/** Every generated table but those of costs and durations, by name. */
export const tables: Tables = {
  metrics: metricTable,
  "advice-rules": adviceRuleTable,
  levers: leverTable,
  "too-large": tooLargeTable,
  unhealthy: unhealthyTable,
  "handover-pauses": pauseTable,
  "handover-phases": phaseTable,
  alarms: alarmTable,
  "budget-mails": budgetMailTable,
  jobs: jobTable,
  pins: pinTable,
  assumptions: assumptionTable,
  carried: carriedTable,
  policies: policyTable,
  "policy-types": policyTypeTable,
  "cache-classes": cacheTable,
  preflight: preflightTable,
  "data-bench": dataBenchTable,
  "data-faults": dataFaultTable,
  downtime: downtimeTable,
  "one-off-costs": oneOffTable,
  priorities: prioritiesTable,
  monitor: monitorTable,
  heartbeat: heartbeatTable,
  "node-memory": nodeMemoryTable,
  "load-scenarios": scenarioTable,
  "load-thresholds": thresholdTable,
  "load-rates": rateTable,
  variables: variableTable,
  "workload-patterns": patternTable,
  "workload-variables": ownVariableTable,
  "job-variables": jobVariableTable,
  "workload-ttls": ttlTable,
  "workload-limits": limitTable,
  "workload-metrics": workloadMetricTable,
  "application-metrics": contractTable,
  "stop-work": stopWork,
  "start-work": startWork,
};
