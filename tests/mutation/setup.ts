import { Suite } from "mocha";
// Loads every module before the first test. What a module computes once is then static, not covered by the one test
// that happens to load it.
import "../../index";
import "../../planner/cli/run";

type Coverage = Record<string, number>;

/** What Stryker's code in the mutated files reads and counts. */
interface Stryker {
  currentTestId?: string;
  mutantCoverage?: { perTest: Record<string, Coverage> };
}

/**
 * Of a test, in milliseconds. Stryker's runner sets none and waits for the whole run instead: minutes, where a mutant
 * leaves a test waiting for what never comes.
 */
const timeout = 30_000;

const stryker = (): Stryker => (globalThis as { __stryker__?: Stryker }).__stryker__ ?? {};

/** What the `before` hooks of a suite cover. */
const coveredBefore = new WeakMap<Mocha.Suite, Coverage>();

function merged(one: Coverage = {}, other: Coverage = {}): Coverage {
  const sum = { ...one };
  for (const [mutant, times] of Object.entries(other)) sum[mutant] = (sum[mutant] ?? 0) + times;
  return sum;
}

/** Runs a `before` hook on its own account. Stryker would take what it covers for the last test of the suite before. */
async function onItsOwn(suite: Mocha.Suite, run: () => unknown): Promise<void> {
  const state = stryker();
  const hook = `before ${suite.fullTitle()}`;
  state.currentTestId = hook;
  await run();
  state.currentTestId = undefined;
  const perTest = state.mutantCoverage?.perTest ?? {};
  coveredBefore.set(suite, merged(coveredBefore.get(suite), perTest[hook]));
  delete perTest[hook];
}

const { beforeAll } = Suite.prototype;
Suite.prototype.beforeAll = function (this: Mocha.Suite, ...args: unknown[]) {
  // Called with a function, or with a title and a function.
  const run = args.find((arg) => typeof arg === "function") as Mocha.AsyncFunc;
  const hook = function (this: Mocha.Context) {
    this.timeout(2 * timeout);
    return onItsOwn(this.test?.parent as Mocha.Suite, () => run.call(this));
  };
  return beforeAll.call(this, run.name, hook);
} as typeof beforeAll;

export const mochaHooks = {
  /** Each test covers what the `before` hooks of its suites cover. */
  beforeEach(this: Mocha.Context): void {
    const test = this.currentTest as Mocha.Test;
    test.timeout(timeout);
    const perTest = stryker().mutantCoverage?.perTest ?? {};
    for (let suite = test.parent; suite; suite = suite.parent)
      perTest[test.fullTitle()] = merged(perTest[test.fullTitle()], coveredBefore.get(suite));
  },
};
