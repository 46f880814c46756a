/**
 * Runs a program without what the SDK notes for diagnostics: a stack trace of every resource, and of every promise it
 * waits for, with a list of those that still wait. They are half of the time of a plan, which shows none of it.
 *
 * Relies on how the SDK's files call for them: `Resource.stackTrace()`, and `debuggablePromise()` of
 * `runtime/debuggable`, which answers a promise that settles as the given one. If they are called otherwise, plans only
 * get slower.
 */
import * as pulumi from "@pulumi/pulumi";

type Replaceable = Record<string, unknown>;

/** Not imported as a namespace: that would be a copy, where a replacement reaches nobody. */
const debuggable = require("@pulumi/pulumi/runtime/debuggable") as Replaceable;

const replacements: [owner: Replaceable, name: string, replacement: unknown][] = [
  [Error as unknown as Replaceable, "stackTraceLimit", 0],
  [pulumi.Resource as unknown as Replaceable, "stackTrace", () => []],
  [debuggable, "debuggablePromise", (promise: unknown) => promise],
];

/** Runs something with the SDK's diagnostics left out, and puts them back. */
export async function withoutDiagnostics<T>(run: () => Promise<T>): Promise<T> {
  const own = replacements.map(([owner, name]) => owner[name]);
  for (const [owner, name, replacement] of replacements) owner[name] = replacement;
  try {
    return await run();
  } finally {
    replacements.forEach(([owner, name], at) => {
      owner[name] = own[at];
    });
  }
}
