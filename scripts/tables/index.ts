import { onDemandChanges } from "../costs/budget";
import { cacheTable } from "./cache";
import { assumptionTable, carriedTable } from "./capacity";
import { budgetTable, changeTable, costTables, minimalNodeTable, notCountedTable, weakPriceTable } from "./costs";
import { downtimeTable } from "./downtime";
import type { Tables } from "./fill";
import { jobTable } from "./jobs";
import { nodeMemoryTable } from "./node-memory";
import { pinTable } from "./pins";
import { preflightTable } from "./preflight";
import { prioritiesTable } from "./priorities";

/** Every generated table, by name. */
export const tables: Tables = {
  costs: costTables,
  budgets: budgetTable,
  "least-node": minimalNodeTable,
  "cost-changes": () => changeTable(),
  "on-demand-costs": () => changeTable(onDemandChanges()),
  jobs: jobTable,
  "not-counted": notCountedTable,
  "weak-prices": weakPriceTable,
  pins: pinTable,
  assumptions: assumptionTable,
  carried: carriedTable,
  "cache-classes": cacheTable,
  preflight: preflightTable,
  downtime: downtimeTable,
  priorities: prioritiesTable,
  "node-memory": nodeMemoryTable,
};
