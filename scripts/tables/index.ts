import { cacheTable } from "./cache";
import { budgetTable, changeTable, costTables, leastNodeTable, notCountedTable, weakPriceTable } from "./costs";
import type { Tables } from "./fill";
import { pinTable } from "./pins";

/** Every table that a page can show. */
export const tables: Tables = {
  costs: costTables,
  budgets: budgetTable,
  "least-node": leastNodeTable,
  "cost-changes": changeTable,
  "not-counted": notCountedTable,
  "weak-prices": weakPriceTable,
  pins: pinTable,
  "cache-classes": cacheTable,
};
