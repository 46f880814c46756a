import { loadSettings } from "./config/load";
import { awsProvider, Platform } from "./platform/platform";

/** The composition root: settings -> platform -> stack outputs. The Pulumi engine and the planner both run this. */
export = () => {
  const loaded = loadSettings();
  const providers = loaded.spec.cluster.kind === "existing" ? [] : [awsProvider(loaded)];
  return new Platform("tierstack", loaded, { providers }).stackOutputs;
};
