import { loadInputs, type StackInputs } from "../config/load";
import { Platform } from "./platform";

/** Creates the user's own resources in addition to the platform. Returns additional stack outputs. */
export type OwnResources = (platform: Platform, inputs: StackInputs) => Record<string, unknown>;

/**
 * A Pulumi program. The engine calls it without arguments, the planner with a callback that receives the inputs as soon
 * as they are loaded. Returns the stack outputs.
 */
export type Program = (onInputs?: (inputs: StackInputs) => void) => Record<string, unknown>;

/** Returns the program of a stack: settings -> platform -> stack outputs, with the user's own resources if any. */
export function program(ownResources: OwnResources = () => ({})): Program {
  return (onInputs) => {
    const inputs = loadInputs();
    onInputs?.(inputs);
    const platform = Platform.deploy("tierstack", inputs);
    return { ...ownResources(platform, inputs), ...platform.stackOutputs };
  };
}
