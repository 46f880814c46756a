/** Test files run in parallel, each with its own control plane. An existing cluster is shared, so they run serially. */
module.exports = {
  import: "tsx",
  spec: "tests/cluster/**/*.test.ts",
  require: ["tests/support/setup.ts", "tests/cluster/setup.ts"],
  parallel: process.env.KUBECONFIG_TEST === undefined,
  jobs: 2,
  timeout: 180_000,
  reporter: "spec",
};
