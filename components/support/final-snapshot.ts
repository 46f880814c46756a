import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Component } from "./component";

/** Returns a snapshot identifier: a letter, then letters, digits and single hyphens; at most 255 characters. */
export function snapshotIdentifier(...parts: string[]): string {
  const text = parts
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-$/g, "");
  return text.slice(0, 255).replace(/-$/, "");
}

/** Length of a name before its suffix, which must not be cut off. */
const nameLength = 255 - "-00000000".length;

/**
 * Returns the name of a managed store's final snapshot. Snapshots outlive the stack, and AWS refuses to delete a store
 * whose final snapshot has the name of an existing one. So the name ends with a suffix that every new store draws anew.
 */
export function finalSnapshotName(store: Component): pulumi.Output<string> {
  const suffix = new random.RandomId(store.named("final-snapshot"), { byteLength: 4 }, store.child);
  const name = snapshotIdentifier(pulumi.getProject(), pulumi.getStack(), store.named("final")).slice(0, nameLength);
  return pulumi.interpolate`${name.replace(/-$/, "")}-${suffix.hex}`;
}
