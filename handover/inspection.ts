import type { Refused } from "./refusal";

/** What the inspection finds on a server. */
export interface Found {
  /** Such as 150004. */
  version: number;
  walLevel: string;
  /** Free replication slots, WAL senders and logical workers. */
  freeSlots: number;
  freeSenders: number;
  workers: number;
  /** Versions of the extensions that are installed, by name. */
  extensions: Record<string, string>;
  /** Versions of the extensions that could be. */
  available: Record<string, string>;
  roles: string[];
  /** Roles that own or may use something. */
  usedRoles: string[];
  /** Names of tables and other relations. */
  relations: string[];
  unloggedWithRows: string[];
  withoutKey: string[];
  foreignTables: string[];
  /** Tables of roles that the engine is not a member of. */
  foreignOwners: string[];
  largeObjects: number;
  preparedTransactions: string[];
  sequences: string[];
  /** Slots and subscriptions of a handover. */
  leftovers: string[];
}

const serverNames = { source: "the source", target: "the target" } as const;
const major = (version: number) => Math.floor(version / 10_000);

/** Whether a version such as `1.10` is older than another. */
export function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, "en", { numeric: true }) < 0;
}

/** What a rule says where it is broken: what it is about, what was found, what is allowed, and how to fix it. */
type Rule = [broken: boolean, what: string, given: string, allowed: string, fix: string];

const brokenOf = (where: string, rules: Rule[]): Refused[] =>
  rules
    .filter(([broken]) => broken)
    .map(([, what, given, allowed, fix]) => ({ where: `${where}, ${what}`, given, allowed, fix }));

function roomOf(where: string, { walLevel, freeSlots, freeSenders, workers }: Found): Refused[] {
  return brokenOf(where, [
    [
      walLevel !== "logical",
      "wal_level",
      walLevel,
      "logical",
      "set it (on RDS: rds.logical_replication = 1), and restart the server",
    ],
    [
      freeSlots < 4,
      "free replication slots",
      String(freeSlots),
      "4 or more",
      "raise max_replication_slots, or drop slots",
    ],
    [freeSenders < 4, "free WAL senders", String(freeSenders), "4 or more", "raise max_wal_senders"],
    [workers < 3, "max_logical_replication_workers", String(workers), "3 or more", "raise it"],
  ]);
}

const few = (names: string[]) =>
  names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");

function contentOf(source: Found): Refused[] {
  return brokenOf(serverNames.source, [
    [
      source.unloggedWithRows.length > 0,
      "unlogged tables with rows",
      few(source.unloggedWithRows),
      "none: they are not in the WAL",
      "ALTER TABLE … SET LOGGED, or empty them",
    ],
    [
      source.largeObjects > 0,
      "large objects",
      String(source.largeObjects),
      "none: logical replication does not carry them",
      "move them to a bytea column or to object storage, then lo_unlink",
    ],
    [
      source.preparedTransactions.length > 0,
      "prepared transactions",
      few(source.preparedTransactions),
      "none: they hold their locks, and the copy waits for them",
      "COMMIT PREPARED or ROLLBACK PREPARED",
    ],
    [
      source.foreignTables.length > 0,
      "foreign tables",
      few(source.foreignTables),
      "none: their servers and passwords are not copied",
      "drop them, and create them on the other side afterwards",
    ],
    [
      source.foreignOwners.length > 0,
      "tables of other roles",
      few(source.foreignOwners),
      "tables that the engine may read and publish, as a member of their owner",
      "ALTER TABLE … OWNER TO the application's role",
    ],
    [
      source.leftovers.length > 0,
      "slots and subscriptions named handover…",
      few(source.leftovers),
      "none at the start",
      "abort or finish the other handover, or drop them",
    ],
  ]);
}

function extensionsOf(source: Found, target: Found): Refused[] {
  return Object.entries(source.extensions).flatMap(([name, version]) => {
    const there = target.extensions[name] ?? target.available[name];
    if (there !== undefined && !isOlder(there, version)) return [];
    return {
      where: `${serverNames.target}, extension ${name}`,
      given: there ?? "none",
      allowed: `${version} or later, as on the source`,
      fix: there ? `ALTER EXTENSION ${name} UPDATE, or a server that has it` : "a server that has it",
    };
  });
}

function targetOf(source: Found, target: Found): Refused[] {
  const missing = source.usedRoles.filter((role) => !target.roles.includes(role));
  return brokenOf(serverNames.target, [
    [
      major(target.version) < major(source.version),
      "version",
      String(major(target.version)),
      `${major(source.version)} or later, as on the source`,
      "a target of the source's major or a later one",
    ],
    [
      missing.length > 0,
      "roles",
      `no ${few(missing)}`,
      "every role that owns or may use something on the source",
      "CREATE ROLE on the target (the bootstrap creates the application's)",
    ],
    [
      target.relations.length > 0,
      "tables",
      few(target.relations),
      "an empty database",
      "drop them, or name another target",
    ],
  ]);
}

/** Everything that stands in the way of a start. */
export function refusals(source: Found, target: Found): Refused[] {
  const version = major(source.version);
  return [
    ...roomOf(serverNames.source, source),
    ...roomOf(serverNames.target, target),
    ...contentOf(source),
    ...extensionsOf(source, target),
    ...targetOf(source, target),
    ...brokenOf(serverNames.source, [[version < 14, "version", String(version), "14 or later", "upgrade it first"]]),
  ];
}

/** What is worth knowing before a start. */
export function remarks(source: Found): string[] {
  return [
    ...(source.withoutKey.length > 0
      ? [
          `no primary key: ${few(source.withoutKey)}: rows are found by all their columns (REPLICA IDENTITY FULL), slowly`,
        ]
      : []),
    `${source.sequences.length} sequence(s) are set in the switch`,
  ];
}
