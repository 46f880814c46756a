import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Component } from "./component";

/** How often the user rotated the generated passwords. */
export interface Rotated {
  /** A non-negative integer. Raise it by one to rotate; never skip a number, and never lower it. @default 0 */
  passwordRotation?: number | undefined;
}

/** Two credentials that alternate. */
export interface Turns<T> {
  /** What clients use from this rotation on. */
  current: T;
  /** What they used before it. It stays valid until the next rotation, so that running clients go on. */
  previous: T;
}

/** Inputs that change a random resource at a rotation; none before the first one, which keeps what a stack has. */
const keepersAt = (rotation: number) => (rotation > 0 ? { keepers: { rotation: String(rotation) } } : {});

/**
 * Returns two credentials that alternate. A rotation changes one of them, and that one takes its turn: the first at
 * even numbers, the second at odd ones.
 * @param make  makes a credential from the suffix of its names, `""` or `"-b"`, and the rotation that last changed it
 */
export function byTurns<T>(rotation: number, make: (suffix: "" | "-b", rotation: number) => T): Turns<T> {
  const isOdd = rotation % 2 === 1;
  const first = make("", isOdd ? rotation - 1 : rotation);
  const second = make("-b", isOdd ? rotation : rotation - 1);
  return isOdd ? { current: second, previous: first } : { current: first, previous: second };
}

/** Returns a new password of 32 letters and digits at every `rotation`. A secret. */
export function generatedPassword(component: Component, child: string, rotation: number): pulumi.Output<string> {
  const { result } = new random.RandomPassword(
    component.named(child),
    { length: 32, special: false, ...keepersAt(rotation) },
    component.child,
  );
  return pulumi.secret(result);
}

/** Returns a new salt of 16 bytes at every `rotation`, in base64. */
export function generatedSalt(component: Component, child: string, rotation: number): pulumi.Output<string> {
  return new random.RandomBytes(component.named(child), { length: 16, ...keepersAt(rotation) }, component.child).base64;
}
