/** What an instance of RDS costs while a drill has it. */
import { hoursPerMonth } from "../../../planner/cost/levels";
import { cataloguePrices, catalogueRegion } from "../../../planner/cost/prices";
import { usd } from "../../../planner/views/cost";
import type { Database } from "../../account/databases";

/**
 * The price of an instance without a standby, with its storage: `0.14 USD an hour, at the prices of us-east-1`. Of a class that the
 * catalogue lacks, it says so without a figure.
 */
export function hourPriceOf({ instanceClass, storageGiB }: Pick<Database, "instanceClass" | "storageGiB">): string {
  const [instance, storage] = [`rds.pg.single.${instanceClass}`, "rds.gp3.single.gb"].map(
    (id) => cataloguePrices.get(id)?.usd,
  );
  if (instance === undefined || storage === undefined) return `the price of ${instanceClass} for each hour`;
  return `${usd(instance + (storage * storageGiB) / hoursPerMonth)} USD an hour, at the prices of ${catalogueRegion}`;
}
