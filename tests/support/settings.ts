import { parseSettings } from "../../config/parse";
import { resolveSpec } from "../../config/resolve";
import { brokenRules } from "../../config/rules";
import type { Settings, SettingsInput } from "../../config/schema";
import { formatProblem } from "../../tiers/problem";

/** Least settings of a stack on AWS that the rules accept at every tier. */
export const onAws = {
  image: "ghcr.io/acme/shop:1.4.2",
  apiAccessCidrs: ["203.0.113.7/32"],
  domain: "app.example.com",
  hostedZoneId: "Z0123456789EXAMPLE",
} satisfies SettingsInput;

export const onExisting = {
  image: "ghcr.io/acme/shop:1.4.2",
  cluster: "existing",
  kubeconfig: "~/.kube/config",
} satisfies SettingsInput;

/** Settings as Pulumi hands them to the program: texts. */
export function asTexts(input: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(input)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** The same as configuration keys of the project. */
export function asConfig(input: object): Record<string, string> {
  return Object.fromEntries(Object.entries(asTexts(input)).map(([key, value]) => [`tierstack:${key}`, value]));
}

/** Every problem with the input, as the user reads them. */
export function problemsOf(input: object): string[] {
  const { settings, problems } = parseSettings("tierstack", asTexts(input));
  const found = settings ? brokenRules("tierstack", settings, resolveSpec(settings)) : problems;
  return found.map(formatProblem);
}

/** Sound settings. */
export function settingsOf(input: SettingsInput): Settings {
  const { settings, problems } = parseSettings("tierstack", asTexts(input));
  if (!settings) throw new Error(problems.map(formatProblem).join("\n"));
  return settings;
}
