/** Files run side by side, each with a control plane of its own; somebody's cluster is one for all. */
module.exports = {
  import: "tsx",
  spec: "tests/cluster/**/*.test.ts",
  require: ["tests/support/setup.ts", "tests/cluster/setup.ts"],
  parallel: process.env.KUBECONFIG_TEST === undefined,
  jobs: 2,
  timeout: 180_000,
  reporter: "spec",
};
