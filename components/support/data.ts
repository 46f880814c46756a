import type * as pulumi from "@pulumi/pulumi";

/** Options of a resource that holds data: neither deleted nor replaced by the program, and left alone should it ever
 * leave the program. Lifting them is the user's deliberate act (docs/destroying.md). */
export const holdsData = { protect: true, retainOnDelete: true } as const satisfies pulumi.CustomResourceOptions;

/**
 * Options of an in-cluster store that the tier no longer uses. It is left alone when it leaves the program with its
 * cluster (`retainOnDelete`); `protect` would forbid that move. The bytes are on a volume that stays protected.
 */
export const keptData = { protect: false, retainOnDelete: true } as const satisfies pulumi.CustomResourceOptions;

/** Options of the volume of such a store. It stays as it was made: a size of the tier that uses another store may be
 * smaller, and Kubernetes refuses to shrink a volume. */
export const keptClaim = { ...keptData, ignoreChanges: ["spec"] } satisfies pulumi.CustomResourceOptions;

/**
 * Options of a copy of data, or of what can be made again (a read replica, a key of copied backups). A move down lets it
 * go, and Pulumi then leaves it in the account, to be deleted by whoever is sure; `protect` would refuse the whole move.
 */
export const copyOfData = keptData;
