import type { RecordedResource } from "./record";

/** A recorded resource without its secrets: the form in which plans hold it, in memory and as JSON. */
export interface PlannedResource extends Omit<RecordedResource, "inputs"> {
  inputs: Record<string, unknown>;
}
