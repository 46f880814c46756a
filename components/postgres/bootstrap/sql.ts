import { identifiers } from "../common/settings";

/** Environment variable from which psql reads the verifier, so that the SQL script does not contain it. */
export const verifierVariable = "APP_PASSWORD_VERIFIER";

export interface BootstrapSqlArgs {
  /** Maximum connections of the application's role to one server. */
  connectionLimit: number;
  /** Extensions of the application's database. */
  extensions: readonly string[];
}

/** Extensions the product needs. The application's role is not allowed to create them. */
export const extensions = ["vector", "pg_stat_statements"] as const;

/**
 * Returns a psql script (version 14 or later) that creates the application's role and database. It is idempotent. It
 * also runs as a master user without superuser rights, such as on RDS: that user must be a member of a role to make it
 * an owner.
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
