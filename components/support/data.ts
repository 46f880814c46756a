import type * as pulumi from "@pulumi/pulumi";

/** Whether the user lifted the protection of data. */
export interface Removable {
  /**
   * Lifts the protection of data: what leaves the program is deleted, with a final snapshot (docs/adr/0009-destroy.md).
   * @default false
   */
  removable?: boolean;
}

type Options = Required<Pick<pulumi.CustomResourceOptions, "protect" | "retainOnDelete">>;

/**
 * Options of a resource with data that AWS snapshots when it deletes it. The program never deletes or replaces it, even
 * if the resource leaves the program. Only the user can lift this protection (docs/destroying.md).
 */
export const holdsData = (removable = false): Options => ({ protect: !removable, retainOnDelete: !removable });

/**
 * Options of a resource with data that leaves no snapshot: a volume in the cluster, a bucket. It is never deleted. Once
 * its protection is lifted, it only leaves the program.
 */
export const holdsDataForGood = (removable = false): Options => ({ protect: !removable, retainOnDelete: true });

/**
 * Options of an in-cluster store that the tier no longer uses. `retainOnDelete` keeps it in place when it leaves the
 * program with its cluster; `protect` would block that move. The data is on a volume that stays protected.
 */
export const retainedData = { protect: false, retainOnDelete: true } as const satisfies Options;

/** Options of the volume claim of such a store. Its spec never changes: the new tier may set a smaller size, and
 * Kubernetes refuses to shrink a volume. */
export const retainedClaim = { ...retainedData, ignoreChanges: ["spec"] } satisfies pulumi.CustomResourceOptions;

/**
 * Options of metrics and logs, which are no data of the product. What leaves the program stays all the same, since nothing
 * else has it, unless the user lifted the protection.
 */
export const outlives = (removable = false): Options => ({ protect: false, retainOnDelete: !removable });

/**
 * Returns the properties to ignore of a managed store that the tier no longer uses but still declares: its sizes stay
 * as they are. The overrides that made them do not exist at a tier with in-cluster stores, and AWS refuses to shrink
 * most of them.
 */
export const keptSizes = <Property extends string>(isKept: boolean, properties: readonly Property[]) =>
  isKept ? [...properties] : [];

/**
 * Options of a copy of data, or of something that can be recreated (a read replica, a key of copied backups). A move
 * down removes it from the program. Pulumi then leaves it in the account, where the user can delete it. `protect` would
 * block the whole move.
 */
export const retainedCopy = { ...retainedData };
