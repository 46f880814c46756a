import { identifiers } from "../common/settings";

/** Environment variable from which psql reads the verifier of a role, so that no SQL script contains it. */
export const verifierVariable = (role: string) => `VERIFIER_${role.toUpperCase()}`;

export interface BootstrapSqlArgs {
  /** Maximum connections of each of the application's roles to one server. */
  connectionLimit: number;
  /** Extensions of the application's database. */
  extensions: readonly string[];
  /** Whether an exporter reads the server's statistics. @default false */
  monitoring?: boolean | undefined;
  /**
   * The server's part in a handover that is on, that could have been, or that has been: then clients must not come to an empty
   * database. @default none: the server is the only one
   */
  handover?: "source" | "target" | "possible" | "over" | undefined;
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

/** @param login  gives the attribute to a role that is there already; a handover takes it from the roles of one server */
function loginRole(role: string, connectionLimit: number, login = true): string[] {
  const [atFirst, always] = login ? ["", " LOGIN"] : [" LOGIN", ""];
  return [
    readVerifier(role),
    `SELECT 'CREATE ROLE ${role}${atFirst}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') \\gexec`,
    `ALTER ROLE ${role} WITH${always} CONNECTION LIMIT ${connectionLimit} PASSWORD :'verifier';`,
  ];
}

const ifRole = (role: string, sql: string) =>
  `SELECT '${sql}' WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') \\gexec`;

/**
 * Refuses a server on which a handover has taken the login from the application's role, because the data in use is on the
 * other one. Ends the engine's role, which no handover needs any more.
 */
function refuseFenced(): string[] {
  const { role, handoverRole } = identifiers;
  const problem =
    `${role}: given a role without LOGIN, because a handover has left this server to the other one; allowed: the server ` +
    "in use; fix: switch, or set the tier of the other server (docs/handover.md#a-server-is-refused)";
  return [
    `DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}' AND NOT rolcanlogin) THEN`,
    `  RAISE EXCEPTION '${problem}';`,
    "END IF; END $$;",
    ifRole(handoverRole, `ALTER ROLE ${handoverRole} NOLOGIN`),
  ];
}

/** Whether the database has a table of the application's. */
const hasTables = [
  "EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace",
  "    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_.*|information_schema|handover)$'",
  "      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))",
].join("\n");

/**
 * Refuses a server that a handover must not lead to, because its data is in use or old. PgBouncer, which waits for this,
 * would otherwise go back to the data that the other server still has.
 */
function refuseFilled(): string[] {
  const { database } = identifiers;
  const problem =
    `${database}: given a database with tables, which no handover in progress has copied; allowed: an empty database on the ` +
    "server that a handover leads to; fix: remove handover if this server is in use; if its data is old, empty it or take " +
    "another instance (docs/handover.md#a-server-is-refused)";
  return [
    "DO $$ DECLARE in_progress boolean := false; BEGIN",
    "  IF to_regclass('handover.ledger') IS NOT NULL THEN",
    "    EXECUTE 'SELECT EXISTS (SELECT FROM handover.ledger WHERE phase NOT IN (''new'', ''aborted'', ''finished''))' INTO in_progress;",
    "  END IF;",
    `  IF NOT in_progress AND ${hasTables} THEN`,
    `    RAISE EXCEPTION '${problem}';`,
    "  END IF;",
    "END $$;",
  ];
}

/** Refuses a new instance that PgBouncer would lead clients to although no handover has filled it. */
function refuseEmpty(): string[] {
  const { database } = identifiers;
  const problem =
    `${database}: given a database without tables, on the instance of postgres.generation; allowed: the one that a ` +
    "handover has led to, or that it has left and gone back to; fix: set handover, or postgres.generation to the instance in " +
    "use (docs/handover.md#a-server-is-refused)";
  return [`DO $$ BEGIN IF NOT ${hasTables} THEN`, `  RAISE EXCEPTION '${problem}';`, "END IF; END $$;"];
}

/**
 * The role of the handover's engine, with what it needs and no superuser: it makes publications of the application's tables
 * and subscriptions (29.10 of PostgreSQL 17's manual: REPLICATION, pg_create_subscription from 16 on, CREATE on the database
 * and ownership of the tables, both as a member of the owner), takes the login from the application's roles and ends their
 * sessions (CREATEROLE and ADMIN), and sees how far others are (pg_monitor). On RDS rds_replication stands for REPLICATION.
 */
function handoverRole(): string[] {
  const { role, alternateRole, handoverRole: engine } = identifiers;
  const [subscriptions, managed] = ["pg_create_subscription", "rds_replication"];
  return [
    readVerifier(engine),
    `SELECT 'CREATE ROLE ${engine}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${engine}') \\gexec`,
    `ALTER ROLE ${engine} WITH LOGIN CREATEROLE PASSWORD :'verifier';`,
    `SELECT 'ALTER ROLE ${engine} REPLICATION'`,
    `  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${managed}') \\gexec`,
    ifRole(managed, `GRANT ${managed} TO ${engine}`),
    ifRole(subscriptions, `GRANT ${subscriptions} TO ${engine}`),
    `GRANT pg_monitor TO ${engine};`,
    // Lets this script read the engine's state, without a superuser's rights too.
    `GRANT ${engine} TO CURRENT_USER;`,
    `GRANT ${role}, ${alternateRole} TO ${engine} WITH ADMIN OPTION;`,
    // The first copy of a table is one statement, and a comparison one transaction.
    `ALTER ROLE ${engine} SET statement_timeout = 0;`,
    `ALTER ROLE ${engine} SET idle_in_transaction_session_timeout = 0;`,
  ];
}

/** Connections of the exporter: one for each of its two readers, and as many while a scrape overlaps the next. */
const monitorConnections = 4;

/** The role of the exporter: it reads statistics, and no data of the application. */
function monitorRole(): string[] {
  const { monitorRole: monitor, database } = identifiers;
  return [
    ...loginRole(monitor, monitorConnections),
    `GRANT pg_monitor TO ${monitor};`,
    `GRANT CONNECT ON DATABASE ${database} TO ${monitor};`,
  ];
}

/**
 * Returns a psql script (version 14 or later) that creates the application's roles and database. It is idempotent. It
 * also runs as a master user without superuser rights, such as on RDS: that user must be a member of a role to make it
 * an owner.
 */
export function bootstrapSql({ connectionLimit, extensions, monitoring, handover }: BootstrapSqlArgs): string {
  const { role, alternateRole, database } = identifiers;
  const isOn = handover === "source" || handover === "target";
  return [
    stopOnError,
    ...(handover === "possible" || handover === "over" ? refuseFenced() : []),
    ...loginRole(role, connectionLimit, !isOn),
    `GRANT ${role} TO CURRENT_USER;`,
    ...loginRole(alternateRole, connectionLimit, !isOn),
    // A session of the alternate role starts as the first one, which therefore owns whatever either creates.
    `GRANT ${role} TO ${alternateRole};`,
    `ALTER ROLE ${alternateRole} SET role = '${role}';`,
    ...(isOn ? handoverRole() : []),
    `SELECT 'CREATE DATABASE ${database} OWNER ${role}'`,
    `  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${database}') \\gexec`,
    `ALTER DATABASE ${database} OWNER TO ${role};`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC;`,
    ...(monitoring ? monitorRole() : []),
    `\\connect ${database}`,
    ...(handover === "target" ? refuseFilled() : []),
    ...(handover === "over" ? refuseEmpty() : []),
    `ALTER SCHEMA public OWNER TO ${role};`,
    ...extensions.map((extension) => `CREATE EXTENSION IF NOT EXISTS ${extension};`),
    "",
  ].join("\n");
}
