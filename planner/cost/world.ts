import { added } from "../lists";
import type { PlannedResource } from "../record/planned";
import { assumed } from "./assumptions";
import { daysPerMonth, type Level, product } from "./levels";
import type { Charge, CostContext } from "./types";

// biome-ignore lint/suspicious/noExplicitAny: inputs of a recorded resource have the form of its type
export type Inputs = any;

/** What pricing one resource may ask of the others and of the assumptions. */
export interface World {
  context: CostContext;
  ofType: (type: string) => PlannedResource[];
  assumed: (id: string) => Level;
  /** Requests a month at the edge. */
  requests: Level;
}

export function worldOf(resources: readonly PlannedResource[], context: CostContext): World {
  const byType = new Map<string, PlannedResource[]>();
  for (const resource of resources) added(byType, resource.type, resource);
  const ask = (id: string) => assumed(context.assumptions, id, context.tier);
  return {
    context,
    ofType: (type) => byType.get(type) ?? [],
    assumed: ask,
    requests: product(ask("users.day"), ask("requests.userDay"), daysPerMonth),
  };
}

/** How a resource is priced: its charges, and in words what they leave out. */
export type Rule = (inputs: Inputs, world: World, resource: PlannedResource) => (Charge | string)[];

/** What a log costs: intake, and a month of storage. */
export function logCharges(what: string, gb: Level, world: World): Charge[] {
  return [
    { item: `log: ${what}`, priceId: "cw.logs.ingest", quantity: gb, free: { id: "free.logsGb", perUnit: 1 } },
    {
      item: `log: ${what}, stored a month`,
      priceId: "cw.logs.storage",
      quantity: product(gb, world.assumed("logs.compression")),
    },
  ];
}
