import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { replicated, type Table, tablesOf } from "./catalogue";
import { literal } from "./database";
import { type Engine, publication, type Side } from "./engine";
import { type Asker, fence } from "./fence";
import { schema } from "./ledger";
import { reached } from "./steps";

const execute = promisify(execFile);
const run = async (command: string, args: string[]) =>
  (await execute(command, args, { maxBuffer: 256 * 1024 * 1024 })).stdout;

/** Entries of a dump that only a superuser may restore: an extension comes with its comment. */
const left = / COMMENT - EXTENSION /;
/** Settings of a newer pg_dump that an older server does not know. */
const unknownSettings = /^SET transaction_timeout = .*$/gm;

/** Keeps pg_dump's text from failing on servers older than it. */
export const withoutUnknown = (sql: string): string => sql.replaceAll(unknownSettings, "");
/** Leaves out of a dump's table of contents what is not restored. */
export const chosen = (list: string): string =>
  list
    .split("\n")
    .filter((line) => !left.test(line))
    .join("\n");

/** A table that comes in the transaction of the schema: it says that the schema is there. */
const copied = `${schema}.schema_copied`;

/** Copies the schema in one transaction: all of it is there, or nothing. */
async function copySchema({ source, target }: Engine): Promise<void> {
  const [present] = await target.database.query("SELECT WHERE to_regclass($1) IS NOT NULL", [copied]);
  if (present) return;
  const folder = await mkdtemp(join(tmpdir(), "handover-"));
  const file = (name: string) => join(folder, name);
  try {
    const only = ["--schema-only", "--no-publications", "--no-subscriptions", `--exclude-schema=${schema}`];
    await run("pg_dump", [...only, "-Fc", "-f", file("dump"), "-d", source.url]);
    await writeFile(file("list"), chosen(await run("pg_restore", ["-l", file("dump")])));
    const sql = await run("pg_restore", ["-L", file("list"), "-f", "-", file("dump")]);
    await writeFile(file("sql"), `${withoutUnknown(sql)}\nCREATE TABLE ${copied} ();\n`);
    await run("psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", file("sql"), "-d", target.url]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The table whose one row for each side shows what has arrived: commits arrive in their order. */
async function makeHeartbeat(asker: Asker): Promise<void> {
  await asker.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await asker.query(`CREATE TABLE IF NOT EXISTS ${schema}.heartbeat (side text PRIMARY KEY, beat text NOT NULL)`);
}

/** Milliseconds for which clients may queue behind the lock of a change of identity, and between two attempts. */
const lockMs = 300;

/**
 * Changes how replication finds a table's rows. The lock is short, but others would queue behind it while it waits for a long
 * transaction: so it gives up soon, and tries again.
 */
export async function identifyBy(asker: Asker, name: string, identity: "FULL" | "DEFAULT"): Promise<void> {
  const wanted = identity === "FULL" ? "f" : "d";
  const [done] = await asker.query("SELECT FROM pg_class WHERE oid = $1::regclass AND relreplident = $2", [
    name,
    wanted,
  ]);
  if (done) return;
  for (;;) {
    try {
      // One message, so one transaction: where it fails, the setting is as before.
      await asker.query(
        `SET lock_timeout = ${lockMs}; ALTER TABLE ${name} REPLICA IDENTITY ${identity}; RESET lock_timeout`,
      );
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "55P03") throw error;
      await sleep(lockMs);
    }
  }
}

/** Lets replication find rows of tables without a key by all their columns. */
async function identify(asker: Asker, tables: Table[]): Promise<void> {
  for (const { name, key } of tables) if (key.length === 0) await identifyBy(asker, name, "FULL");
}

async function publish(asker: Asker, tables: Table[]): Promise<void> {
  const [known] = await asker.query("SELECT FROM pg_publication WHERE pubname = $1", [publication]);
  if (known) return;
  const names = [...tables.map(({ name }) => name), `${schema}.heartbeat`];
  await asker.query(`CREATE PUBLICATION ${publication} FOR TABLE ${names.join(", ")}`);
}

/** Makes a side's slot. Waits for the transactions in progress on it. */
export async function makeSlot({ database, slot }: Side): Promise<void> {
  await database.query(
    `SELECT pg_create_logical_replication_slot($1, 'pgoutput')
     WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1::text)`,
    [slot],
  );
}

/** Subscribes a side to the slot of the other. */
export async function subscribe(to: Side, from: Side, copyData: boolean): Promise<void> {
  if (await reconnect(to, from)) return;
  await to.database.query(
    `CREATE SUBSCRIPTION ${to.subscription} CONNECTION ${literal(from.replicationUrl)} PUBLICATION ${publication}
     WITH (create_slot = false, slot_name = ${from.slot}, copy_data = ${copyData}, streaming = on)`,
  );
}

/** Gives a subscription that is there the address and the password of today. Returns whether it is there. */
export async function reconnect(to: Side, from: Side): Promise<boolean> {
  const [known] = await to.database.query("SELECT FROM pg_subscription WHERE subname = $1", [to.subscription]);
  if (known)
    await to.database.query(`ALTER SUBSCRIPTION ${to.subscription} CONNECTION ${literal(from.replicationUrl)}`);
  return known !== undefined;
}

/** Copies the schema and starts the copy of the rows. Each part looks at what is there. */
export async function prepare(engine: Engine): Promise<void> {
  const { source, target, environment } = engine;
  await fence(target.database, environment.FENCED_ROLES);
  reached("target-fenced");
  for (const { database } of [source, target]) {
    // A server that limits statements would end the copy of a large table, which runs in a session of this role.
    await database.query("ALTER ROLE CURRENT_USER SET statement_timeout = 0");
    await makeHeartbeat(database);
  }
  reached("heartbeat-made");
  await copySchema(engine);
  reached("schema-copied");
  const tables = replicated(await tablesOf(source.database));
  for (const side of [source, target]) await identify(side.database, tables);
  reached("keys-made");
  for (const side of [source, target]) await publish(side.database, tables);
  reached("published");
  await makeSlot(source);
  reached("slot-made");
  await subscribe(target, source, true);
  reached("subscribed");
}
