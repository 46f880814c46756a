import type { Problem } from "../../tiers/problem";
import type { Aws } from "./aws";
import type { Dns } from "./dns";
import type { Needs } from "./needs";
import type { Registries } from "./registry";

/**
 * What a check found. `unchecked` claims nothing: the check could not run here, which the user can change (credentials,
 * rights, network). `unknown` neither: nobody gets an answer before the deployment, so it does not count.
 */
export type Finding =
  | { status: "fine"; text: string }
  | { status: "failed"; problem: Problem }
  | { status: "unchecked"; reason: string }
  | { status: "unknown"; reason: string };

/** What a check asks. */
export interface Sources {
  aws: Aws;
  dns: Dns;
  registries: Registries;
}

/** A check of an account before a deployment or a move. A new one is a file and an entry in `checks`. */
export interface Check {
  /** The name, as a user reads it. */
  name: string;
  /** What makes it fail, in a few words: docs/deploying.md shows it. */
  fails: string;
  /** Whether it can only run with AWS credentials. */
  signedIn: boolean;
  /** Whether the stack needs it. */
  applies(needs: Needs): boolean;
  /** Returns what it found. An error of AWS, DNS or a registry means that it could not run. */
  run(needs: Needs, sources: Sources): Promise<Finding[]>;
}

/** Whether the plan has a resource of a type. */
export const has = ({ plan }: Needs, type: string): boolean =>
  plan.resources.some((resource) => resource.type === type);

export const fine = (text: string): Finding => ({ status: "fine", text });
export const failed = (problem: Problem): Finding => ({ status: "failed", problem });
export const unchecked = (reason: string): Finding => ({ status: "unchecked", reason });
export const unknown = (reason: string): Finding => ({ status: "unknown", reason });
