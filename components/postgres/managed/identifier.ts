import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Component } from "../../support/component";
import { snapshotIdentifier } from "../../support/final-snapshot";

/** Length of an identifier (63 characters, CreateDBInstance) before its suffix, which must not be cut off. */
const nameLength = 63 - "-00000000".length;

/**
 * Returns the identifier of a new instance. It is known before the instance, whose log groups have it in their names.
 * It ends with a suffix that every new instance draws: a move down leaves its replicas in the account, and the next move
 * up must not ask for their identifiers again.
 */
export function instanceIdentifier(postgres: Component, child: string): pulumi.Output<string> {
  const suffix = new random.RandomId(postgres.named(`${child}-identifier`), { byteLength: 4 }, postgres.child);
  const name = snapshotIdentifier(pulumi.getProject(), pulumi.getStack(), postgres.named(child)).slice(0, nameLength);
  return pulumi.interpolate`${name.replace(/-$/, "")}-${suffix.hex}`;
}
