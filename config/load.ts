import * as pulumi from "@pulumi/pulumi";
import type { TierSpec } from "../tiers";
import { knownFacts } from "./known";
import { leftBehind, parseSettings } from "./parse";
import { SettingsError } from "./problems";
import { resolveSpec } from "./resolve";
import { brokenRules } from "./rules";
import type { Facts } from "./rules/rule";
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

/** The settings and sizes of a configuration. Throws a SettingsError with every value that the schema refuses and every
 * rule that the other values break. */
export function checkedInputs(project: string, texts: Record<string, string>): Facts {
  const { settings, problems } = parseSettings(project, texts);
  const facts = settings ? { settings, spec: resolveSpec(settings) } : knownFacts(texts);
  const all = [...problems, ...brokenRules(project, facts.settings, facts.spec)];
  if (all.length > 0) throw new SettingsError(all);
  return facts;
}

/**
 * Reads the configuration of the stack, before any resource exists. Throws a SettingsError like `checkedInputs`, and one
 * with the keys alone that a renamed project left behind: without their values, other problems would mislead.
 */
export function loadInputs(): StackInputs {
  const project = pulumi.getProject();
  const prefix = `${project}:`;
  const config = pulumi.runtime.allConfig();
  const left = Object.keys(config).flatMap((key) => leftBehind(project, key) ?? []);
  if (left.length > 0) throw new SettingsError(left);
  const texts = Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
  const { settings, spec } = checkedInputs(project, texts);
  const encrypted = (key: string) => isEncrypted(`${prefix}${key}`);
  return { project, stack: pulumi.getStack(), settings, spec, plainSecrets: plainSecrets(settings, encrypted) };
}
