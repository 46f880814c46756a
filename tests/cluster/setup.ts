import { buildTools } from "./tools/build";

/** Before any file runs: what takes minutes on a fresh machine is built once, and not in the time of a test. */
export async function mochaGlobalSetup(): Promise<void> {
  await buildTools(process.env.KUBECONFIG_TEST ? "nodes" : "control-plane");
  await buildTools("manifests");
}
