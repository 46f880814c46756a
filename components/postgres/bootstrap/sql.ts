import { identifiers } from "../common/settings";

/** Variable of the environment from which psql takes the verifier, so that no SQL text holds it. */
export const verifierVariable = "APP_PASSWORD_VERIFIER";

export interface BootstrapSqlArgs {
  /** Connections the application's role may hold on one server. */
  connectionLimit: number;
  /** Extensions of the application's database. */
  extensions: readonly string[];
}

/** Extensions the product relies on. Creating them takes rights that the application's role does not have. */
export const extensions = ["vector", "pg_stat_statements"] as const;

/**
 * Role and database of the application, as a script for psql (14 or later). It may run any number of times, and as a
 * master user that is no superuser: such a user makes a role the owner of something only as a member of it.
 */
export function bootstrapSql({ connectionLimit, extensions }: BootstrapSqlArgs): string {
  const { role, database } = identifiers;
  return [
    "\\set ON_ERROR_STOP on",
    `\\getenv verifier ${verifierVariable}`,
    `SELECT 'CREATE ROLE ${role}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') \\gexec`,
    `ALTER ROLE ${role} WITH LOGIN CONNECTION LIMIT ${connectionLimit} PASSWORD :'verifier';`,
    `GRANT ${role} TO CURRENT_USER;`,
    `SELECT 'CREATE DATABASE ${database} OWNER ${role}'`,
    `  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${database}') \\gexec`,
    `ALTER DATABASE ${database} OWNER TO ${role};`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC;`,
    `\\connect ${database}`,
    `ALTER SCHEMA public OWNER TO ${role};`,
    ...extensions.map((extension) => `CREATE EXTENSION IF NOT EXISTS ${extension};`),
    "",
  ].join("\n");
}
