import type { SettingsInput } from "../../config/schema";
import { recorded } from "./record";
import { asConfig } from "./settings";

/** Records the whole program for some settings. */
export function recordedPlatform(input: SettingsInput, options: { preview?: boolean } = {}) {
  const program = () => (require("../../index") as () => unknown)();
  return recorded(program, { config: asConfig(input), stack: "test", ...options });
}
