// Mutation testing: `npm run mutate`, by hand or at night. On some files only:
//   npm run mutate -- --mutate 'config/**/*.ts'
// The report and the incremental file are in out/mutation. A second run tests only what changed since.
// Stryker 10 needs Node 22, so this is 9.6.

// Every process of Stryker loads the runner: this one, and each child that the NodeArgs below start.
import "./tests/mutation/preload.cjs";

const preload = ["--require", "./tests/mutation/preload.cjs"];

// A table or a schema is computed while its module loads. Such a mutant needs a new process and every test, which
// takes a minute or more. They count as ignored, unless MUTATE_STATIC=1 is set.
const withStatic = process.env.MUTATE_STATIC === "1";

// What plans whole stacks reaches nearly every line, and takes most of the time. MUTATE_QUICK=1 leaves these tests out,
// except those of the commands where the planner itself is mutated. A run without it then tests again only what the
// quick one did not find.
const quick = process.env.MUTATE_QUICK === "1";
const commandsToo = !quick || process.argv.some((argument) => argument.includes("planner/"));

// Tests that are left out, by the start of their full titles. A surviving mutant runs every test that reaches its line,
// so a slow test that kills no mutant of its own costs the most.
const leftOut = [
  // Forty random stacks, and two plans of each stack.
  "platform holds for random valid settings",
  "npm run plan \\w+: the same JSON twice",
  // Processes of their own, which no mutant reaches.
  "npm run plan does not end well",
  "npm run plan ends a process",
  // Tests of the check itself, not of what the program makes.
  "network matrix (finds|blames|a workload|is a table|holds of objects)",
];

export default {
  packageManager: "npm",
  mutate: [
    "components/**/*.ts",
    "config/**/*.ts",
    "planner/**/*.ts",
    "platform/**/*.ts",
    "policy/**/*.ts",
    "tiers/**/*.ts",
  ],
  testRunner: "mocha",
  testRunnerNodeArgs: [...preload, "--import", "tsx"],
  checkerNodeArgs: preload,
  mochaOptions: {
    require: ["tests/support/setup.ts", "tests/mutation/setup.ts"],
    // A run ends with the first test that fails, so the tests of single files come before those of whole stacks.
    spec: [
      "tests/{components,config,planner,policy,tiers}/**/*.test.ts",
      ...(quick ? [] : ["tests/{platform,stacks}/**/*.test.ts"]),
    ],
    ignore: [
      // These run shell scripts. Other tests cover the TypeScript that renders them.
      "tests/components/cluster/k3s/wait-for-api.test.ts",
      // These test the tests' own tools.
      "tests/stacks/{network-policies,network-policies-properties,pod-templates}.test.ts",
      ...(commandsToo ? [] : ["tests/planner/cli/{plan,diff}.test.ts"]),
    ],
    grep: `/^(?!${leftOut.join("|")})/`,
  },
  coverageAnalysis: "perTest",
  ignoreStatic: !withStatic,
  concurrency: Number(process.env.MUTATE_CONCURRENCY ?? 2),
  // A timeout counts as a mutant that was found, so it must not come from a busy machine. The timeout of each test ends
  // what waits for ever (tests/mutation/setup.ts).
  timeoutMS: 20_000,
  timeoutFactor: 10,
  dryRunTimeoutMinutes: 15,
  incremental: true,
  incrementalFile: "out/mutation/incremental.json",
  tempDirName: "out/mutation/sandboxes",
  ignorePatterns: ["/out", "/bench", "/.bench", "/.cache", "/.ci", "/.github", "/tests/{engine,long}"],
  // An event a file: what a run found before it was stopped.
  eventReporter: { baseDir: "out/mutation/events" },
  reporters: ["progress-append-only", "event-recorder", "clear-text", "json", "html"],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  jsonReporter: { fileName: "out/mutation/report.json" },
  htmlReporter: { fileName: "out/mutation/report.html" },
};
