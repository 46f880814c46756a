import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { arrival } from "./arrival";
import { type Attempt, askerOf, closeAttempt, Later, measure, openAttempt, type Snapshots, within } from "./attempt";
import { replicated, tablesOf } from "./catalogue";
import { converge, movePods } from "./converge";
import {
  backoffMs,
  budget,
  maxAttempts,
  phaseAfterSwitch,
  type SideName,
  type SwitchStep,
  switchSteps,
  unrest,
} from "./decide";
import { type Engine, otherOf, publication, type Side } from "./engine";
import { type Asker, busyClients, fence, unfence } from "./fence";
import { fingerprint, schemaDifference } from "./fingerprint";
import { refuse } from "./refusal";
import { dropSlot, makeReverseSlot } from "./reverse";
import { copySequences } from "./sequences";
import { log, reached } from "./steps";

const advance = (asker: Asker, { slot }: Side) =>
  asker.query("SELECT pg_replication_slot_advance($1, pg_current_wal_flush_lsn())", [slot]);

/** Refuses where both sides do not have the same schema, or a table is not replicated. */
async function requireEqualSchemas(engine: Engine, from: Side, to: Side): Promise<void> {
  const differences = await schemaDifference(from.database, to.database);
  const missing = await from.database.query<{ name: string }>(
    `SELECT name FROM unnest($1::text[]) AS name WHERE NOT EXISTS
      (SELECT FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
       WHERE p.pubname = $2 AND r.prrelid = to_regclass(name))`,
    [replicated(await tablesOf(from.database)).map(({ name }) => name), publication],
  );
  const found = [
    ...differences.map((line) =>
      line.replace("the source", `the ${from.name}`).replace("the target", `the ${to.name}`),
    ),
    ...missing.map(({ name }) => `${name} is not replicated`),
  ];
  if (found.length === 0) return;
  await engine.ledger.note("schema-differs", { found: found.slice(0, 50) });
  const more = found.length > 3 ? ` and ${found.length - 3} more` : "";
  refuse(
    "schema",
    `${found.slice(0, 3).join("; ")}${more}`,
    "the same on both sides, from the start of the copy to the switch",
    "undo the change; or abort, and start again",
  );
}

/** What each step of a switch does. */
function actions(engine: Engine, attempt: Attempt): Record<SwitchStep, () => Promise<unknown>> {
  const { from, to, consoles, onFrom, onTo, sequences, snapshots } = attempt;
  const { FENCED_ROLES, MAX_PAUSE_MS } = engine.environment;
  const snapshot = (client: Client) => client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1");
  return {
    intent: () => engine.ledger.write({ switching: to.name }),
    pause: () =>
      within(budget(MAX_PAUSE_MS).pauseMs, "the end of transactions", Promise.all(consoles.map((c) => c.pause()))),
    fence: async () => {
      // The pools are empty now: what is busy came by the session pool, or not through PgBouncer.
      const busy = await busyClients(onFrom, FENCED_ROLES);
      if (busy > 0) throw new Later(`${busy} client(s) outside the pools in a transaction`);
      await Promise.all(consoles.map((console) => console.killSessions()));
      await fence(onFrom, FENCED_ROLES);
    },
    arrival: async () => {
      const [, ...schemas] = await Promise.all([
        arrival(onFrom, onTo, from.name, MAX_PAUSE_MS),
        ...[snapshots.from, snapshots.to].map((client) => fingerprint(askerOf(client))),
      ]);
      if (schemas.some((schema) => schema !== attempt.schema)) throw new Later("the schema changed");
    },
    sequences: () => copySequences(onFrom, onTo, sequences),
    snapshots: () => Promise.all([snapshot(snapshots.from), snapshot(snapshots.to)]),
    "forward-off": () => onTo.query(`ALTER SUBSCRIPTION ${to.subscription} DISABLE`),
    "skip-applied": () => advance(onTo, to),
    decide: () => {
      attempt.decisionSent = true;
      return engine.ledger.write({ active: to.name, phase: phaseAfterSwitch(to.name) });
    },
    unfence: () => unfence(onTo, FENCED_ROLES),
    resume: async () => {
      let first = true;
      await Promise.all(
        consoles.map(async (console) => {
          await console.move(to.config);
          if (first) reached("first-pod-moved");
          first = false;
        }),
      );
    },
  };
}

/** Carries out the steps. Gives up before the point of no return where the time will not do. */
async function go(engine: Engine, attempt: Attempt): Promise<{ pauseMs: number; parts: Record<string, number> }> {
  const act = actions(engine, attempt);
  const { decideMs } = budget(engine.environment.MAX_PAUSE_MS);
  const parts: Record<string, number> = {};
  let start = performance.now();
  for (const step of switchSteps) {
    const begun = performance.now();
    if (step === "pause") start = begun;
    const isBefore = switchSteps.indexOf(step) < switchSteps.indexOf("decide");
    const left = decideMs - (begun - start);
    await (isBefore || step === "decide" ? beforeLate(step, left, act[step]) : act[step]());
    parts[step] = Math.round(performance.now() - begun);
    reached(step, { took: parts[step] });
  }
  return { pauseMs: Math.round(performance.now() - start), parts };
}

/** The decision itself is not cut short: whether it was made is only known once it is answered. */
function beforeLate(step: SwitchStep, left: number, act: () => Promise<unknown>): Promise<unknown> {
  if (left <= 0) throw new Later(`${step}: no time is left`);
  return step === "decide" || step === "intent" ? act() : within(left, step, act());
}

/** Lets a side follow again. */
export async function enable({ database, subscription }: Side): Promise<void> {
  const sql = "SELECT FROM pg_subscription WHERE subname = $1 AND NOT subenabled";
  const [disabled] = await database.query(sql, [subscription]);
  if (disabled) await database.query(`ALTER SUBSCRIPTION ${subscription} ENABLE`);
}

/** Milliseconds for the ledger to answer before it counts as lost. */
const ledgerMs = 2000;

/**
 * Takes a switch back without the ledger, whose server was lost before the decision was sent. The guard keeps every other
 * engine from a switch meanwhile. What else is to be done, the next start finds in the ledger.
 */
async function takeBackAlone(engine: Engine, { from, guard }: Attempt): Promise<void> {
  await unfence(askerOf(guard), engine.environment.FENCED_ROLES);
  const mended: string[] = [];
  await movePods(engine, from.config, mended);
  log("taken-back-alone", { mended });
}

/** Takes a switch back: the side in use opens again, and the replication goes on. */
export async function takeBack(engine: Engine, to: Side): Promise<void> {
  const { active } = await engine.ledger.read();
  await converge(engine, active, true);
  // Where that side is lost, the supervisor does it later.
  await enable(to).catch((error: Error) => log("unreachable", { side: to.name, message: error.message }));
  await engine.ledger.write({ switching: null });
  reached("taken-back");
}

/** Whether an error is a statement's that ran out of its time, or a lock it did not get. */
const isTimeout = (error: unknown) => ["57014", "55P03"].includes(String((error as { code?: string }).code));

/** Notes why a switch comes later; anything else is no reason to try again. */
async function later(engine: Engine, to: Side, attempt: number, error: unknown): Promise<undefined> {
  if (!(error instanceof Later || isTimeout(error))) throw error;
  await engine.ledger.note("switch-later", { to: to.name, attempt, reason: (error as Error).message });
}

/** What is left of an attempt after an error: nothing, or what is past the point of no return. */
async function giveUp(engine: Engine, attempt: Attempt): Promise<void> {
  // A connection to a server that is lost may not end.
  await Promise.race([closeAttempt(attempt, [attempt.guard]), sleep(ledgerMs)]);
  const { active, switching } = await within(ledgerMs, "the ledger's answer", engine.ledger.read()).catch(
    async (lost: Error) => {
      if (!attempt.decisionSent) await takeBackAlone(engine, attempt);
      throw new Error(`the ledger is lost: ${lost.message}`);
    },
  );
  if (switching !== null && active === attempt.to.name) throw new Error("the switch is to be completed");
  if (switching !== null) await takeBack(engine, attempt.to);
}

async function tryOnce(engine: Engine, to: Side, number: number): Promise<Snapshots | undefined> {
  let attempt: Attempt;
  try {
    attempt = await openAttempt(engine, to);
  } catch (error) {
    return later(engine, to, number, error);
  }
  let kept: Client[] = [];
  try {
    const restless = unrest(await measure(attempt, engine.environment), engine.environment.MAX_PAUSE_MS);
    if (restless) throw new Later(restless);
    await advance(to.database, to);
    reached("reverse-slot-advanced");
    const result = await go(engine, attempt);
    const { from, to: there } = attempt.snapshots;
    kept = [from, there];
    await engine.ledger.note("switched", { to: to.name, attempt: number, ...result });
    await engine.ledger.write({}, { pauseMs: result.pauseMs, parts: result.parts });
    return attempt.snapshots;
  } catch (error) {
    await giveUp(engine, attempt);
    return await later(engine, to, number, error);
  } finally {
    await Promise.race([closeAttempt(attempt, kept).catch(() => undefined), sleep(ledgerMs)]);
  }
}

/** Moves the clients to a side. Returns both sides' snapshots of the moment between. */
export async function switchTo(engine: Engine, name: SideName): Promise<Snapshots> {
  const to = engine[name];
  const from = otherOf(engine, to);
  await requireEqualSchemas(engine, from, to);
  await makeReverseSlot(to);
  reached("reverse-slot-made");
  try {
    return await attemptAll(engine, to);
  } catch (error) {
    // Nobody reads from it: it would keep WAL without limit.
    if ((await engine.ledger.read()).switching === null) await dropSlot(to);
    throw error;
  }
}

async function attemptAll(engine: Engine, to: Side): Promise<Snapshots> {
  const from = otherOf(engine, to);
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const snapshots = await tryOnce(engine, to, attempt);
    if (snapshots) return snapshots;
    await sleep(backoffMs(attempt));
    await requireEqualSchemas(engine, from, to);
  }
  const [last] = await engine.target.database.query<{ reason: string }>(
    "SELECT details ->> 'reason' AS reason FROM handover.event WHERE event = 'switch-later' ORDER BY id DESC LIMIT 1",
  );
  return refuse(
    to.name === "target" ? "switch" : "back",
    `${maxAttempts} attempts, the last: ${last?.reason}`,
    `clients that wait at most ${engine.environment.MAX_PAUSE_MS} ms (MAX_PAUSE_MS)`,
    "end long transactions, or allow a longer wait; nothing was changed, ask again",
  );
}
