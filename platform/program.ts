import { loadInputs, type StackInputs } from "../config/load";
import { Platform } from "./platform";

/** Resources of the user's own beside the platform. Returns stack outputs of their own. */
export type OwnResources = (platform: Platform, inputs: StackInputs) => Record<string, unknown>;

/**
 * A Pulumi program: the engine calls it without arguments, the planner with a function that receives the inputs as soon
 * as they are read. Returns the stack outputs.
 */
export type Program = (onInputs?: (inputs: StackInputs) => void) => Record<string, unknown>;

/** The program of a stack: settings -> platform -> stack outputs, and the user's own resources beside them. */
export function program(ownResources: OwnResources = () => ({})): Program {
  return (onInputs) => {
    const inputs = loadInputs();
    onInputs?.(inputs);
    const platform = Platform.deploy("tierstack", inputs);
    return { ...ownResources(platform, inputs), ...platform.stackOutputs };
  };
}
