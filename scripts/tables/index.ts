import { cacheTable } from "./cache";
import type { Tables } from "./fill";
import { pinTable } from "./pins";

/** Every table that a page can show. */
export const tables: Tables = {
  pins: pinTable,
  "cache-classes": cacheTable,
};
