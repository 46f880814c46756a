import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Component } from "./component";

/** Joins parts of a physical name: a letter, then lower-case letters, digits and single hyphens. */
export function joinedName(...parts: string[]): string {
  return parts
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-$/g, "");
}

export interface UniqueName {
  /** What the name is of, in the component. */
  child: string;
  /** Child whose logical name the suffix has. It is part of a URN and never changes. */
  suffix: string;
  /** Longest name that AWS accepts, in characters. */
  maxLength: number;
}

/**
 * Returns the physical name of something that outlives its stack, or whose name must be known before it exists: project,
 * stack and child, then a suffix that every new one draws. So no name is asked for twice.
 */
export function uniqueName(of: Component, { child, suffix, maxLength }: UniqueName): pulumi.Output<string> {
  const { hex } = new random.RandomId(of.named(suffix), { byteLength: 4 }, of.child);
  // The suffix must not be cut off.
  const name = joinedName(pulumi.getProject(), pulumi.getStack(), of.named(child)).slice(
    0,
    maxLength - "-00000000".length,
  );
  return pulumi.interpolate`${name.replace(/-$/, "")}-${hex}`;
}
