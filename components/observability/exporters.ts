import { stringify } from "yaml";

/** Name of the exporter's login in its configuration. */
export const authModule = "monitor";

/** What the Postgres exporter reads beside its defaults. */
export const postgresExporterFlags = ["--collector.stat_statements", "--collector.long_running_transactions"];

/** ElastiCache has no CONFIG command. */
export const redisExporterFlags = ["--config-command=-"];

/** Renders the configuration of the Postgres exporter: a login, and TLS with a verified name. A secret. */
export function postgresExporterConfig({
  user,
  password,
  ca,
}: {
  user: string;
  password: string;
  /** Path of the PEM of the servers' authorities. */
  ca: string;
}): string {
  return stringify({
    auth_modules: {
      [authModule]: {
        type: "userpass",
        userpass: { username: user, password },
        options: { sslmode: "verify-full", sslrootcert: ca, connect_timeout: "5", application_name: "exporter" },
      },
    },
  });
}
