import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "./component";
import { uniqueName } from "./unique-name";

/**
 * Returns the name of a managed store's final snapshot. Snapshots outlive the stack, and AWS refuses to delete a store
 * whose final snapshot has the name of an existing one.
 * @param child  what the snapshot is of, where a component has several
 */
export const finalSnapshotName = (store: Component, child = "final"): pulumi.Output<string> =>
  uniqueName(store, { child, suffix: child === "final" ? "final-snapshot" : `${child}-snapshot`, maxLength: 255 });
