import type * as pulumi from "@pulumi/pulumi";
import type { Credential } from "./credentials";
import type { PostgresServer } from "./server";
import { identifiers } from "./settings";

/** What an exporter needs to read the statistics of the servers in use. */
export interface PostgresMonitor {
  user: string;
  /** A secret. */
  password: pulumi.Output<string>;
  database: string;
  /** Host names of the servers: `primary`, `replica-0` and so on. */
  servers: Record<string, pulumi.Output<string>>;
  /** PEM of the authorities that vouch for the servers. */
  ca: pulumi.Input<string>;
}

/** Returns what an exporter needs, with the credential of its role. */
export const monitorOf = (
  { host, readHosts, ca }: Pick<PostgresServer, "host" | "readHosts" | "ca">,
  { role, password }: Credential,
): PostgresMonitor => ({
  user: role,
  password,
  database: identifiers.database,
  servers: { primary: host, ...Object.fromEntries(readHosts.map((replica, at) => [`replica-${at}`, replica])) },
  ca,
});
