import type * as pulumi from "@pulumi/pulumi";

/** Options of a resource with data. The program never deletes or replaces it, even if the resource leaves the program.
 * Only the user can lift this protection (docs/destroying.md). */
export const holdsData = { protect: true, retainOnDelete: true } as const satisfies pulumi.CustomResourceOptions;

/**
 * Options of an in-cluster store that the tier no longer uses. `retainOnDelete` keeps it in place when it leaves the
 * program with its cluster; `protect` would block that move. The data is on a volume that stays protected.
 */
export const retainedData = { protect: false, retainOnDelete: true } as const satisfies pulumi.CustomResourceOptions;

/** Options of the volume claim of such a store. Its spec never changes: the new tier may set a smaller size, and
 * Kubernetes refuses to shrink a volume. */
export const retainedClaim = { ...retainedData, ignoreChanges: ["spec"] } satisfies pulumi.CustomResourceOptions;

/**
 * Options of a copy of data, or of something that can be recreated (a read replica, a key of copied backups). A move
 * down removes it from the program. Pulumi then leaves it in the account, where the user can delete it. `protect` would
 * block the whole move.
 */
export const retainedCopy = { ...retainedData };
