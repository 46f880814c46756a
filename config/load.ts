import * as pulumi from "@pulumi/pulumi";
import type { TierSpec } from "../tiers";
import { parseSettings } from "./parse";
import { SettingsError } from "./problems";
import { resolveSpec } from "./resolve";
import { brokenRules } from "./rules";
import type { Settings } from "./schema";

/** What the platform is created from. */
export interface StackInputs {
  project: string;
  stack: string;
  settings: Settings;
  spec: TierSpec;
}

/**
 * Reads the configuration of the stack. Throws a SettingsError with every problem found, before any resource exists.
 * Problems of form hide the rules between fields: those want sound fields.
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
