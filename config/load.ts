import * as pulumi from "@pulumi/pulumi";
import type { TierSpec } from "../tiers";
import { parseSettings } from "./parse";
import { SettingsError } from "./problems";
import { resolveSpec } from "./resolve";
import { brokenRules } from "./rules";
import type { Settings } from "./schema";
import { plainSecrets } from "./secrets";

/** The inputs of the platform. */
export interface StackInputs {
  project: string;
  stack: string;
  settings: Settings;
  spec: TierSpec;
  /** Keys of secrets that are plain text in the stack file, as far as that can be told. */
  plainSecrets: string[];
}

/**
 * Whether a key has encrypted parts. The types of the SDK leave the function out (ADR 7); without it every key counts as
 * encrypted, so a deployment only loses a note.
 */
function isEncrypted(key: string): boolean {
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  return isConfigSecret?.(key) ?? true;
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
  const encrypted = (key: string) => isEncrypted(`${prefix}${key}`);
  return { project, stack: pulumi.getStack(), settings, spec, plainSecrets: plainSecrets(settings, encrypted) };
}
