// Mutation testing: `npm run mutate`, by hand or at night. On some files only:
//   npm run mutate -- --mutate 'config/**/*.ts'
// The report and the incremental file are in out/mutation. A second run tests only what changed since.

// Every process of Stryker loads the runner: this one, and each child that the NodeArgs below start.
import "./tests/mutation/preload.cjs";

const preload = ["--require", "./tests/mutation/preload.cjs"];

// A table or a schema is computed while its module loads. Such a mutant needs a new process and every test, which
// takes a minute or more. They count as ignored, unless MUTATE_STATIC=1 is set.
const withStatic = process.env.MUTATE_STATIC === "1";

export default {
  packageManager: "npm",
  mutate: ["components/**/*.ts", "config/**/*.ts", "planner/**/*.ts", "platform/**/*.ts", "tiers/**/*.ts"],
  testRunner: "mocha",
  testRunnerNodeArgs: [...preload, "--import", "tsx"],
  checkerNodeArgs: preload,
  mochaOptions: {
    require: ["tests/support/setup.ts", "tests/mutation/setup.ts"],
    // A run ends with the first test that fails, so the tests of single files come before those of whole stacks.
    spec: [
      "tests/{components,config,tiers}/**/*.test.ts",
      "tests/planner/**/!(plan).test.ts",
      "tests/platform/**/*.test.ts",
      "tests/{moves,schemas,network-matrix,platform}.test.ts",
      "tests/planner/cli/plan.test.ts",
    ],
    // These run shell scripts. Other tests cover the TypeScript that renders them.
    ignore: ["tests/components/cluster/k3s/{dump,wait-for-api}.test.ts"],
    // Plans forty random stacks, for every mutant that no other test finds.
    grep: "/^(?!platform holds for random valid settings)/",
  },
  coverageAnalysis: "perTest",
  ignoreStatic: !withStatic,
  concurrency: 2,
  // A timeout counts as a mutant that was found, so it must not come from a busy machine.
  timeoutMS: 20_000,
  timeoutFactor: 4,
  dryRunTimeoutMinutes: 15,
  incremental: true,
  incrementalFile: "out/mutation/incremental.json",
  tempDirName: "out/mutation/sandboxes",
  ignorePatterns: ["/out", "/bench", "/docs", "/.bench", "/.cache", "/.ci", "/.github", "/tests/{engine,long}"],
  reporters: ["progress-append-only", "clear-text", "json", "html"],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  jsonReporter: { fileName: "out/mutation/report.json" },
  htmlReporter: { fileName: "out/mutation/report.html" },
};
