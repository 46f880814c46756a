import type { Settings } from "./schema";

/** Stands for an encrypted value where there is no key to decrypt it, as in a plan. */
export const secretText = "[secret]";

/** Names of the values that are plain text. In a key with encrypted parts, only a plan can tell them apart. */
function plainNames(values: Record<string, string>, encrypted: boolean): string[] {
  const names = Object.keys(values);
  if (!encrypted) return names;
  const masked = names.filter((name) => values[name] === secretText);
  return masked.length > 0 ? names.filter((name) => !masked.includes(name)) : [];
}

/**
 * Returns the keys of secrets that the stack file has in plain text, such as `app.secrets.STRIPE_KEY`.
 * @param encrypted  whether a key of the configuration has encrypted parts
 */
export function plainSecrets(
  { app, registry, observability: { mail, heartbeatUrl } }: Settings,
  encrypted: (key: "app" | "registry" | "observability") => boolean,
): string[] {
  const watching = {
    ...(mail?.password !== undefined && { "mail.password": mail.password }),
    ...(heartbeatUrl !== undefined && { heartbeatUrl }),
  };
  return [
    ...plainNames(app.secrets, encrypted("app")).map((name) => `app.secrets.${name}`),
    ...(registry && !encrypted("registry") ? ["registry.password"] : []),
    ...plainNames(watching, encrypted("observability")).map((name) => `observability.${name}`),
  ];
}
