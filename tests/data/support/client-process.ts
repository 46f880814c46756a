/**
 * A process of an application: clients that share one pool of connections. A client repeats what fails, as it was, until
 * it succeeds. Started by `Clients`.
 */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool, type PoolClient } from "pg";
import { readTotal, recordWrite } from "./ledger";
import type { ClientsArgs, Command, Event, Report } from "./protocol";

/** Logins of a process at one time. A whole crowd at once is what tests/long/storm.test.ts shows. */
const loginsAtOnce = 16;
/** Share of the units of work of writers that write; the others read what the client wrote last. */
const writes = 0.4;
const retryMs = 50;

const report: Report = {
  acknowledged: {},
  stale: 0,
  done: 0,
  errors: {},
  reads: { replica: 0, primary: 0 },
  slowestMs: 0,
};
let stopping = false;
let faultAt: number | undefined;
let firstAnswerMs: number | undefined;
let lastErrorMs = 0;

function poolOf(args: ClientsArgs): Pool {
  const pool = new Pool({
    host: "127.0.0.1",
    port: args.port,
    database: args.database,
    user: args.user,
    password: args.password,
    // The certificate's name: the address is that of a Service.
    ssl: { ca: readFileSync(args.ca), servername: "localhost" },
    max: args.connections ?? args.clients,
    idleTimeoutMillis: 0,
    ...(args.lifetimeSeconds && { maxLifetimeSeconds: args.lifetimeSeconds }),
  });
  // An idle connection that the server closes is the pool's business: no caller sees it.
  return pool.on("error", () => {});
}

/** How often a login is tried: on a busy machine it may run into `client_login_timeout`. */
const loginAttempts = 20;

async function login(pool: Pool): Promise<PoolClient> {
  for (let attempt = 1; ; attempt++)
    try {
      return await pool.connect();
    } catch (error) {
      if (attempt === loginAttempts) throw error;
      await sleep(1000);
    }
}

/** Opens every connection of the pool, a few at a time. */
async function connectAll(pool: Pool, connections: number): Promise<void> {
  const held: PoolClient[] = [];
  let next = 0;
  const logins = async () => {
    while (next++ < connections) held.push(await login(pool));
  };
  await Promise.all(Array.from({ length: loginsAtOnce }, logins));
  for (const client of held) client.release();
}

/** Runs a transaction on a connection of the pool, which a failed one does not get back. */
async function transaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  // Without a listener, the loss of a connection in use would end the process.
  const lost = () => {};
  client.on("error", lost);
  try {
    await client.query("BEGIN");
    await work(client);
    await client.query("COMMIT");
  } catch (error) {
    client.off("error", lost);
    client.release(true);
    throw error;
  }
  client.off("error", lost);
  client.release();
}

async function write(pool: Pool, client: number): Promise<void> {
  const n = (report.acknowledged[client] ?? 0) + 1;
  await transaction(pool, (connection) => recordWrite(connection, client, n));
  report.acknowledged[client] = n;
}

async function check(pool: Pool, client: number): Promise<void> {
  const total = await readTotal(pool, client);
  if (total !== (report.acknowledged[client] ?? 0)) report.stale += 1;
}

async function read(pool: Pool): Promise<void> {
  const { rows } = await pool.query("SELECT pg_is_in_recovery() AS replica, count(*) FROM balances");
  report.reads[rows[0].replica ? "replica" : "primary"] += 1;
}

/** Repeats a unit of work until it succeeds. */
async function persist(work: () => Promise<void>): Promise<void> {
  const began = performance.now();
  for (;;)
    try {
      await work();
      break;
    } catch (error) {
      const { message } = error as Error;
      report.errors[message] = (report.errors[message] ?? 0) + 1;
      if (faultAt !== undefined) lastErrorMs = performance.now() - faultAt;
      await sleep(retryMs);
    }
  const now = performance.now();
  report.slowestMs = Math.max(report.slowestMs, now - began);
  report.done += 1;
  if (faultAt !== undefined && began > faultAt) firstAnswerMs ??= now - faultAt;
}

async function client(pool: Pool, { work, thinkMs }: ClientsArgs, number: number): Promise<void> {
  const own = () => (Math.random() < writes ? () => write(pool, number) : () => check(pool, number));
  const unit = () => (work === "write" ? own() : () => read(pool));
  const think = () => sleep(Math.random() * 2 * thinkMs);
  for (await think(); !stopping; await think()) await persist(unit());
}

let pool: Pool;
let args: ClientsArgs;

async function start(given: ClientsArgs): Promise<void> {
  args = given;
  pool = poolOf(args);
  await connectAll(pool, args.connections ?? args.clients);
  process.send?.("connected" satisfies Event);
}

async function go(): Promise<void> {
  const first = args.first ?? 0;
  await Promise.all(Array.from({ length: args.clients }, (_, index) => client(pool, args, first + index)));
  if (firstAnswerMs !== undefined) report.recoveredMs = Math.max(firstAnswerMs, lastErrorMs);
  await pool.end();
  // Not before the report is out: what is not yet written would be lost.
  process.send?.({ report } satisfies Event, () => process.disconnect());
}

process.on("message", (command: Command) => {
  if (command === "go") return void go();
  if (command === "fault") faultAt = performance.now();
  else if (command === "stop") stopping = true;
  else void start(command.start);
});
