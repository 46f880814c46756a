/** What the tests of planner/record/sdk's assumptions share. Loads nothing of the SDK itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CustomResourceOptions, Inputs, Output } from "@pulumi/pulumi";
import { config } from "chai";
import type { Engine, Registered, Registration } from "../../../../planner/record/sdk/monitor";

// A list that is cut short would hide the one property that matters.
config.truncateThreshold = 0;

export const root = join(__dirname, "..", "..", "..", "..");

interface Break {
  /** What no longer holds, as the end of "the SDK ...". */
  says: string;
  /** The file that relies on it, and what for. */
  relies: string;
  /** Where to look for what changed. */
  look: string;
}

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;

/** A test of one assumption about Node or a package; fails with what a maintainer needs to know. */
export function holds(what: string, of: string, broken: Break, check: () => unknown): void {
  it(what, async () => {
    try {
      await check();
    } catch (error) {
      const whose = of === "node" ? `Node ${process.version}` : `${of} ${versionOf(of)}`;
      const seen = String((error as Error).message ?? error).split("\nRequire stack")[0];
      throw new Error(`${whose} ${broken.says}: ${broken.relies}; look at ${broken.look}. Seen: ${seen}`);
    }
    // Some start a process of their own, on a machine that may be busy.
  }).timeout(60_000);
}

type Monitors = typeof import("../../../../planner/record/sdk/monitor");
export type Pulumi = typeof import("@pulumi/pulumi");

/** An engine that remembers what it is told, and gives every resource the state it is told to. */
export class Listener implements Engine {
  readonly registered: Registration[] = [];
  readonly outputs = new Map<string, Record<string, unknown>>();
  readonly lookedUp: unknown[] = [];

  constructor(private readonly state: Record<string, unknown> = {}) {}

  register(registration: Registration): Registered {
    this.registered.push(registration);
    const { type, name, inputs } = registration;
    return { urn: `urn:pulumi:s::p::${type}::${name}`, id: `id-of-${name}`, state: { ...inputs, ...this.state } };
  }

  registerOutputs(urn: string, outputs: () => Record<string, unknown>): void {
    this.outputs.set(urn, outputs());
  }

  lookUp(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
    this.lookedUp.push([token, inputs]);
    return { id: "looked-up" };
  }

  /** The registration of a name. */
  at(name: string): Registration {
    const found = this.registered.find((one) => one.name === name);
    if (!found)
      throw new Error(`${name} was not registered, only ${this.registered.map((one) => one.name).join(", ")}`);
    return found;
  }
}

/** Runs a program of plain resources under a listener. */
export async function listen(program: (pulumi: Pulumi) => unknown, listener = new Listener()): Promise<Listener> {
  const { runUnder } = require("../../../../planner/record/sdk/monitor") as Monitors;
  const run = runUnder(listener, () => program(require("@pulumi/pulumi")), { project: "p", stack: "s" });
  // A program whose registrations fail may wait for them for ever; why they failed, the SDK then says to nobody.
  let why: unknown = "";
  const onRejection = (reason: unknown) => {
    why ||= reason;
  };
  process.on("unhandledRejection", onRejection);
  let timer: NodeJS.Timeout | undefined;
  const never = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the program does not end; ${why}`)), 10_000);
  });
  await Promise.race([run, never]).finally(() => {
    clearTimeout(timer);
    process.off("unhandledRejection", onRejection);
  });
  return listener;
}

/** A resource of no SDK. Its output `result` is known where the inputs have it, undefined. */
export function resource(
  pulumi: Pulumi,
  name: string,
  inputs: Record<string, unknown>,
  options?: CustomResourceOptions,
) {
  class Thing extends pulumi.CustomResource {
    declare readonly result: Output<string>;
  }
  return new Thing("test:index:Thing", name, inputs as Inputs, options);
}
