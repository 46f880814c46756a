import { checkedInputs } from "../../config/load";
import type { overrides } from "../../config/overrides";
import { parseSettings } from "../../config/parse";
import { SettingsError } from "../../config/problems";
import type { Settings, SettingsInput } from "../../config/schema";
import { formatProblem } from "../../tiers/problem";

/** The components whose sizes have overrides of their own. */
export type Overridden = keyof typeof overrides;

/** Minimal settings of a stack on AWS that are valid at every tier. */
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

/** Settings as Pulumi hands them to the program: as text. */
export function asTexts(input: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(input)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** Settings as Pulumi hands them to the program, by full key. */
export function asConfig(input: object): Record<string, string> {
  return Object.fromEntries(Object.entries(asTexts(input)).map(([key, value]) => [`tierstack:${key}`, value]));
}

/** Every problem of the input, as the user sees it. */
export function problemsOf(input: object): string[] {
  try {
    checkedInputs("tierstack", asTexts(input));
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(formatProblem);
    throw error;
  }
}

/** Credentials for the registry of `onAws`. */
export const completeRegistry = { server: "ghcr.io", username: "acme", password: "token" };

/** A mail server, as `observability.mail`. */
export const completeMail = {
  host: "smtp.example.com",
  from: "alerts@example.com",
  user: "alerts",
  password: "mail-password",
};

/** What an item of a list in `app` needs besides the field in question. */
const completeItems: Record<string, object> = {
  egress: { ports: [587] },
  writable: { path: "/cache" },
  schedules: { name: "report", schedule: "15 3 * * *", command: ["report"] },
};

/** What an object in `app` needs besides the field in question. */
const completeObjects: Record<string, object> = { migrate: { command: ["migrate"] } };

/** Valid settings on AWS with `value` at a path such as `app.port` or `queues[].name`. */
export function withValue(path: string, value: unknown): object {
  const others = path === "network.zones[]" ? ["use1-az2", "use1-az4"] : [];
  const nested = path.split(".").reduceRight<unknown>((inner, step) => {
    const [key = "", list] = step.split("[");
    return { [key]: list === undefined ? inner : [inner, ...others] };
  }, value) as Record<string, object>;
  const [top = ""] = path.split(".");
  if (top === "handover") nested[top] = { image: onAws.image, ...nested[top] };
  if (top === "registry") nested[top] = { ...completeRegistry, ...nested[top] };
  const observability = nested.observability as Record<string, object> | undefined;
  if (observability?.mail) observability.mail = { ...completeMail, ...observability.mail };
  const [, key = "", list] = /^app\.(\w+)(\[\])?/.exec(path) ?? [];
  const app = nested.app as Record<string, object | object[]> | undefined;
  if (app && list) app[key] = (app[key] as object[]).map((one) => ({ ...completeItems[key], ...one }));
  else if (app && completeObjects[key]) app[key] = { ...completeObjects[key], ...app[key] };
  const [queue] = Array.isArray(nested.queues) && path.startsWith("queues[]") ? nested.queues : [];
  return { ...onAws, ...nested, ...(queue && { queues: [{ name: "mail", ...queue }] }) };
}

/** Every problem of form, without the rules between fields. */
export function formProblemsOf(input: object): string[] {
  return parseSettings("tierstack", asTexts(input)).problems.map(formatProblem);
}

/** The parsed settings of a valid input. */
export function settingsOf(input: SettingsInput): Settings {
  const { settings, problems } = parseSettings("tierstack", asTexts(input));
  if (!settings) throw new Error(problems.map(formatProblem).join("\n"));
  return settings;
}
