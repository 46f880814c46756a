/** What a move is: the form in which it is shown and in which `--format json` writes it. */
import { isDataType } from "../../policy/rules/data";
import type { KeepSetting } from "../cost/kept";
import type { Level } from "../cost/levels";
import type { MoveCharge } from "../cost/one-off";
import type { Cost } from "../cost/types";
import type { Duration } from "../duration/duration";
import type { PlannedResource } from "../record/planned";

/**
 * What a move does to a resource. `retained`: the resource leaves the program and stays in the cloud. `refused`: the
 * engine rejects the whole move, because the resource is protected, or the change is rejected for a `reason`.
 */
export type Action = "create" | "update" | "replace" | "delete" | "retained" | "refused";

/**
 * What users notice of a change. `none`: the resource is new, or goes. `in place`: a setting. `online`: what runs is
 * exchanged or resized while it serves. `downtime`: see `downtime`. `replacement`: another resource takes its place.
 */
export type Effect = "none" | "in place" | "online" | "downtime" | "replacement";

/** A property that changes. */
export interface PropertyChange {
  /** Its path as Pulumi writes it: `spec.template.spec.containers[0].image`. */
  property: string;
  /** Its value before; absent where it had none. */
  before?: unknown;
  /** Its value after; absent where it has none. `[unknown]` for what only a deployment knows. */
  after?: unknown;
  /** Whether its change replaces the resource. */
  replaces: boolean;
}

export interface Change {
  path: string;
  type: string;
  action: Action;
  /** Whether the resource holds data. */
  data: boolean;
  /** Every property that changes, sorted; none for what is created, deleted or retained. */
  properties: PropertyChange[];
  effect: Effect;
  /** What changes the resource: "own property", "provider", or the path of the replaced resource it depends on. */
  cause?: string;
  /** Whether the old resource is deleted before its replacement is created. */
  deletedFirst?: true;
  /** Why the change is refused, where the resource is not protected. */
  reason?: string;
  /** Who refuses it: AWS, the API server of the cluster, or the planner, because the stack would not work after it. */
  refusedBy?: "AWS" | "Kubernetes" | "tierstack";
  /** The setting that keeps a protected resource which the move would delete, such as `keep.nodeState`. */
  keep?: KeepSetting;
  /** What the user must know or check before the change. */
  note?: string;
  /** How the change interrupts the product, although it is an update in place. */
  downtime?: string;
}

/** A step of a move that takes more than one `pulumi up`. */
export interface Phase {
  /** What the step is for. */
  title: string;
  commands: string[];
  /** How to see that it has worked, before the next one. */
  check: string;
}

type MonthlyRange = Pick<Cost, "low" | "high">;

/** What a move costs, in USD. */
export interface MoveCost {
  monthlyUsdBefore: number;
  /** Where the engine stops the move until a setting keeps what it would delete: the sum with that setting. */
  monthlyUsdAfter: number;
  /** Both sums at the least and the most use. */
  rangeUsdBefore: MonthlyRange;
  rangeUsdAfter: MonthlyRange;
  /** What the sum after the move leaves out, such as the difference to the prices of the stack's region. */
  notCountedMonthly: string[];
  /** What of the sum after the move settings keep. Absent where they keep nothing. */
  kept?: Cost["kept"];
  /** Paths of what goes and is paid for until the new resources are there. */
  runsTwice: string[];
  /** What these cost for each hour that the move takes. */
  runsTwiceUsdPerHour: number;
  /** The same for the expected time of the move. Absent where that is unknown, because the move is refused. */
  runsTwiceUsd?: number;
  /** What is charged once, together. */
  onceUsd: Level;
  /** What stays in the account costs, each month until somebody deletes it. */
  staysMonthlyUsd: Level;
  /** What the sum after the move lacks, each month, because RDS storage does not shrink. */
  unshrunkMonthlyUsd: Level;
  /** What is charged once, what stays and what does not shrink, each by itself; with a price of 0 for what is free. */
  charges: MoveCharge[];
  /** Charges without a price, in words. */
  notCounted: string[];
}

/** What the sizes carry, in requests a minute, as the capacity of a plan expects it. */
export interface MoveLoad {
  /** Absent where the plan before has other coefficients. */
  requestsPerMinuteBefore?: number;
  requestsPerMinuteAfter: number;
  /** Whether a load test stands behind the coefficients. */
  measured: boolean;
}

/** A move between two stacks, or between two versions of one. */
export interface Move {
  from: string;
  to: string;
  changes: Change[];
  /** The steps to take, in order; none where one `pulumi up` does it. */
  phases: Phase[];
  /** Absent where one of the plans has no cost. */
  cost?: MoveCost;
  /** Absent where the plan after the move has no capacity. */
  load?: MoveLoad;
  /** Expected time of the change itself, without the other steps. Absent where nothing changes, or the move is refused. */
  duration?: Duration;
}

/** What changes a resource that no other one changes. */
export const ownProperty = "own property";

/** Whether a resource holds data: its type does, or the program protects it. */
export function holdsData(resource: PlannedResource): boolean {
  return isDataType(resource.type) || resource.options.protect;
}
