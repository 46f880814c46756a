import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../../support/component";
import { byTurns, generatedPassword, generatedSalt, type Turns } from "../../support/rotation";
import { verifierOf } from "./scram";
import { identifiers } from "./settings";

/** Name of the Secret for the server and its bootstrap. */
export const credentialsSecret = "postgres-credentials";

/** Keys of `credentialsSecret`. It contains verifiers of the application's passwords, never the passwords themselves. */
export const credentialKeys = {
  superuser: "superuser-password",
  previousSuperuser: "previous-superuser-password",
  verifierOf: (role: string) => `${role}-verifier`,
} as const;

/** A role with its password; both are secrets. */
export interface Credential {
  role: string;
  password: pulumi.Output<string>;
  /** SCRAM verifier of the password. */
  verifier: pulumi.Output<string>;
}

/** Credentials of the server's roles. */
export interface Credentials {
  /** One role: the server has its previous password until the bootstrap has run. */
  superuser: Turns<Credential>;
  /** Two roles: the previous one keeps its password for the clients that still use it. */
  app: Turns<Credential>;
  /** Of a handover's engine, while one is on. */
  handover?: Credential | undefined;
  /** Of the exporter of statistics, where there is one. */
  monitor?: Credential | undefined;
}

function newCredential(postgres: Component, role: string, name: string, since: number): Credential {
  const password = generatedPassword(postgres, `${name}-password`, since);
  return { role, password, verifier: verifierOf(password, generatedSalt(postgres, `${name}-salt`, since)) };
}

/** Creates the password of a handover's engine. No rotation changes it: the servers read from each other with it. */
export const handoverCredential = (postgres: Component): Credential =>
  newCredential(postgres, identifiers.handoverRole, "handover", 0);

/** Creates the password of the exporter. A rotation changes it together with the role's verifier. */
export const monitorCredential = (postgres: Component, rotation: number): Credential =>
  newCredential(postgres, identifiers.monitorRole, "monitor", rotation);

/** Creates the passwords of all roles, as of a rotation. */
export function credentialsAt(postgres: Component, rotation: number): Credentials {
  const credential = (role: string, name: string, since: number) => newCredential(postgres, role, name, since);
  const { superuser, role, alternateRole } = identifiers;
  return {
    superuser: byTurns(rotation, (suffix, since) => credential(superuser, `superuser${suffix}`, since)),
    app: byTurns(rotation, (suffix, since) => credential(suffix ? alternateRole : role, `app${suffix}`, since)),
  };
}

/** Returns the SCRAM verifiers of credentials, by role. Secrets. */
const byRole = (credentials: Credential[]): Record<string, pulumi.Output<string>> =>
  Object.fromEntries(credentials.map(({ role, verifier }) => [role, verifier]));

/** Returns the verifiers that PgBouncer must have. */
export const clientVerifiers = ({ app }: Credentials) => byRole([app.current, app.previous]);

/** Returns the verifiers that the server must have. */
export const serverVerifiers = ({ superuser, app, handover, monitor }: Credentials) =>
  byRole([superuser.current, app.current, app.previous, ...[handover ?? [], monitor ?? []].flat()]);
