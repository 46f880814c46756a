/**
 * The one hook into Node's loader of CommonJS modules.
 *
 * Relies on two functions that Node does not document: every `require` calls `Module._load` with the request as it is
 * written and the module it stands in, and `Module._resolveFilename` tells the file behind a request.
 */
import Module from "node:module";

export interface LoadRule {
  /** Whether the rule is about a request in a file. */
  matches(request: string, from: string): boolean;
  /** What the `require` answers, given what it would answer without the rule. */
  load(real: () => unknown, file: () => string): unknown;
}

type Parent = { filename?: string } | undefined;

const node = Module as unknown as {
  _load(request: string, parent: Parent, ...rest: unknown[]): unknown;
  _resolveFilename(request: string, parent: Parent, ...rest: unknown[]): string;
};

const rules: LoadRule[] = [];

function hook(): void {
  const load = node._load;
  node._load = function (request, parent, ...rest) {
    const real = () => load.call(this, request, parent, ...rest);
    const rule = rules.find(({ matches }) => matches(request, parent?.filename ?? ""));
    return rule ? rule.load(real, () => node._resolveFilename(request, parent, ...rest)) : real();
  };
}

/** Adds a rule for every `require` from now on. The first rule that matches a request decides. */
export function onLoad(rule: LoadRule): void {
  if (rules.length === 0) hook();
  rules.push(rule);
}
