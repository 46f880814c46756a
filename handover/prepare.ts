import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { replicated, type Table, tablesOf } from "./catalogue";
import { literal } from "./database";
import { type Engine, publication, type Side } from "./engine";
import { type Asker, fence } from "./fence";
import { identify } from "./identity";
import { schema } from "./ledger";
import { reached } from "./steps";

const execute = promisify(execFile);

/** A URL without its password, which is in libpq's own variable: other processes see the command line. */
export function withoutPassword(url: string): { url: string; password: string } {
  const parsed = new URL(url);
  const password = decodeURIComponent(parsed.password);
  parsed.password = "";
  return { url: parsed.toString(), password };
}

/** Runs a program of libpq. Its error is what the program says. */
async function run(command: string, args: string[], password = ""): Promise<string> {
  const env = { ...process.env, ...(password && { PGPASSWORD: password }) };
  try {
    return (await execute(command, args, { env, maxBuffer: 256 * 1024 * 1024 })).stdout;
  } catch (error) {
    throw new Error(`${command}: ${String((error as { stderr?: string }).stderr ?? "not run").trim()}`);
  }
}

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
export const copied = `${schema}.schema_copied`;

/** Copies the schema in one transaction: all of it is there, or nothing. */
async function copySchema({ source, target }: Engine): Promise<void> {
  const [present] = await target.database.query("SELECT WHERE to_regclass($1) IS NOT NULL", [copied]);
  if (present) return;
  const folder = await mkdtemp(join(tmpdir(), "handover-"));
  const file = (name: string) => join(folder, name);
  try {
    const only = ["--schema-only", "--no-publications", "--no-subscriptions", `--exclude-schema=${schema}`];
    const [from, to] = [withoutPassword(source.url), withoutPassword(target.url)];
    await run("pg_dump", [...only, "-Fc", "-f", file("dump"), "-d", from.url], from.password);
    await writeFile(file("list"), chosen(await run("pg_restore", ["-l", file("dump")])));
    const sql = await run("pg_restore", ["-L", file("list"), "-f", "-", file("dump")]);
    await writeFile(file("sql"), `${withoutUnknown(sql)}\nCREATE TABLE ${copied} ();\n`);
    const once = ["-XqAt", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", file("sql")];
    await run("psql", [...once, "-d", to.url], to.password);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The table whose one row for each side shows what has arrived: commits arrive in their order. */
async function makeHeartbeat(asker: Asker): Promise<void> {
  await asker.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await asker.query(`CREATE TABLE IF NOT EXISTS ${schema}.heartbeat (side text PRIMARY KEY, beat text NOT NULL)`);
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
  await identify(engine, tables);
  reached("keys-made");
  for (const side of [source, target]) await publish(side.database, tables);
  reached("published");
  await makeSlot(source);
  reached("slot-made");
  await subscribe(target, source, true);
  reached("subscribed");
}
