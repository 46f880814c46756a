import * as pulumi from "@pulumi/pulumi";
import type { TierSpec } from "../tiers";
import { parseSettings } from "./parse";
import { SettingsError } from "./problems";
import { resolveSpec } from "./resolve";
import { brokenRules } from "./rules";
import type { Settings } from "./schema";

/** The inputs of the platform. */
export interface StackInputs {
  project: string;
  stack: string;
  settings: Settings;
  spec: TierSpec;
}

/**
 * Reads the configuration of the stack, before any resource exists. Throws a SettingsError with every value that the
 * schema refuses; if there is none, with every rule between fields that is broken, because rules need valid fields.
 */
export function loadInputs(): StackInputs {
  const project = pulumi.getProject();
  const prefix = `${project}:`;
  const texts = Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
  const { settings, problems } = parseSettings(project, texts);
  if (!settings) throw new SettingsError(problems);
  const spec = resolveSpec(settings);
  const broken = brokenRules(project, settings, spec);
  if (broken.length > 0) throw new SettingsError(broken);
  return { project, stack: pulumi.getStack(), settings, spec };
}
