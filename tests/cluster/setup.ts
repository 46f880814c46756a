import { buildTools } from "./tools/build";

/** Runs before all tests: builds the tools, which takes minutes on a fresh machine, outside of any test's timeout. */
export async function mochaGlobalSetup(): Promise<void> {
  await buildTools(process.env.KUBECONFIG_TEST ? "nodes" : "control-plane");
  await buildTools("manifests");
}
