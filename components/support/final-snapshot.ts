import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "./component";
import { uniqueName } from "./unique-name";

/**
 * Returns the name of a managed store's final snapshot. Snapshots outlive the stack, and AWS refuses to delete a store
 * whose final snapshot has the name of an existing one.
 */
export const finalSnapshotName = (store: Component): pulumi.Output<string> =>
  uniqueName(store, { child: "final", suffix: "final-snapshot", maxLength: 255 });
