import { identifiers } from "../common/settings";

/** Environment variable from which psql reads the verifier of a role, so that no SQL script contains it. */
export const verifierVariable = (role: string) => `VERIFIER_${role.toUpperCase()}`;

export interface BootstrapSqlArgs {
  /** Maximum connections of each of the application's roles to one server. */
  connectionLimit: number;
  /** Extensions of the application's database. */
  extensions: readonly string[];
}

/** Extensions the product needs. The application's role is not allowed to create them. */
export const extensions = ["vector", "pg_stat_statements"] as const;

const stopOnError = "\\set ON_ERROR_STOP on";
const readVerifier = (role: string) => `\\getenv verifier ${verifierVariable(role)}`;

/** Returns a psql script that gives the superuser its current password. */
export function superuserSql(): string {
  const { superuser } = identifiers;
  return [stopOnError, readVerifier(superuser), `ALTER ROLE ${superuser} PASSWORD :'verifier';`, ""].join("\n");
}

function loginRole(role: string, connectionLimit: number): string[] {
  return [
    readVerifier(role),
    `SELECT 'CREATE ROLE ${role}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') \\gexec`,
    `ALTER ROLE ${role} WITH LOGIN CONNECTION LIMIT ${connectionLimit} PASSWORD :'verifier';`,
  ];
}

/**
 * Returns a psql script (version 14 or later) that creates the application's roles and database. It is idempotent. It
 * also runs as a master user without superuser rights, such as on RDS: that user must be a member of a role to make it
 * an owner.
 */
export function bootstrapSql({ connectionLimit, extensions }: BootstrapSqlArgs): string {
  const { role, alternateRole, database } = identifiers;
  return [
    stopOnError,
    ...loginRole(role, connectionLimit),
    `GRANT ${role} TO CURRENT_USER;`,
    ...loginRole(alternateRole, connectionLimit),
    // A session of the alternate role starts as the first one, which therefore owns whatever either creates.
    `GRANT ${role} TO ${alternateRole};`,
    `ALTER ROLE ${alternateRole} SET role = '${role}';`,
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
