import { setTimeout as sleep } from "node:timers/promises";
import { tablesOf, userSchemas } from "./catalogue";
import { converge } from "./converge";
import { hasSwitched, otherSide, recovery, type SideName, sides } from "./decide";
import { closeSides, type Engine, sidesOf } from "./engine";
import type { HandoverEnvironment } from "./environment";
import { isCopied, type Progress, progress, secondsLeft } from "./follow";
import { inspectSides } from "./inspect";
import { Ledger } from "./ledger";
import { prepare, reconnect } from "./prepare";
import { Refusal, refuse } from "./refusal";
import { complete, decide, perform } from "./requests";
import { log, reached } from "./steps";
import { enable, takeBack } from "./switch";
import { verifyLive } from "./verify";

/** Milliseconds between two looks at servers, PgBouncers and requests. */
const tickMs = 1000;
/** Milliseconds after a refusal. */
const refusedMs = 5000;
/** Milliseconds between two looks for a request. */
const requestMs = 100;
/** Bytes of WAL behind which the sides are compared. */
const closeEnough = 16 * 1024 * 1024;

/** Finishes or takes back a switch that an earlier run left, and brings everything in line. */
async function recover(engine: Engine): Promise<void> {
  const state = await engine.ledger.read();
  const found = recovery(state);
  if (found !== "none") await engine.ledger.note("recovery", { found, ...state });
  if (found === "take-back") await takeBack(engine, engine[otherSide(state.active)]);
  if (found === "complete") {
    await converge(engine, state.active, true);
    await complete(engine, undefined);
  }
  if (found === "none" && hasSwitched(state.phase)) await converge(engine, state.active, true);
}

/** How far the copy is. Refuses to go on where rows of the source will never arrive. */
async function copyProgress(engine: Engine): Promise<Progress> {
  const now = await progress(engine, engine.target);
  if (now.lost)
    refuse(
      "the source, WAL",
      "less than the copy still needs: the server has removed it",
      "a target that follows within max_slot_wal_keep_size",
      "abort, raise max_slot_wal_keep_size or write less, and start again",
    );
  return now;
}

/** After the switch the side in use does not depend on the other. */
const isUnreachable = (side: SideName) => (error: Error) => {
  log("unreachable", { side, message: error.message });
};

async function followBack(engine: Engine): Promise<void> {
  const follower = otherSide((await engine.ledger.read()).active);
  const now = await enable(engine[follower])
    .then(() => progress(engine, engine[follower]))
    .catch(isUnreachable(follower));
  await engine.ledger.write({}, { progress: now ?? "unreachable" });
}

/** Brings the handover one phase further. Returns whether there is nothing to do but wait. */
async function advance(engine: Engine): Promise<boolean> {
  const { ledger, environment } = engine;
  const { phase, details } = await ledger.read();
  switch (phase) {
    case "new": {
      const { refused, remarks } = await inspectSides(engine);
      if (refused.length > 0) throw new Refusal(refused);
      reached("inspected");
      await ledger.write({ phase: "prepared" }, { started: new Date().toISOString(), remarks });
      return false;
    }
    case "prepared":
      await prepare(engine);
      await ledger.write({ phase: "copying" }, { copying: new Date().toISOString() });
      return false;
    case "copying": {
      const now = await copyProgress(engine);
      const elapsed = (Date.now() - Date.parse(String(details.copying))) / 1000;
      await ledger.write({}, { progress: { ...now, secondsLeft: secondsLeft(now, elapsed) } });
      if (!isCopied(now)) return true;
      reached("copied");
      await ledger.write({ phase: "following" }, { copySeconds: Math.round(elapsed * 10) / 10 });
      return false;
    }
    case "following": {
      const now = await copyProgress(engine);
      await ledger.write({}, { progress: now });
      if (now.lagBytes > closeEnough) return true;
      return compare(engine);
    }
    case "ready":
      await ledger.write({}, { progress: await copyProgress(engine) });
      await enable(engine.target);
      if (environment.SWITCH === "automatic") await switchItself(engine);
      return true;
    case "finished":
      await watch(engine);
      return true;
    default:
      await followBack(engine);
      log("supervised", await watch(engine));
      return true;
  }
}

async function compare(engine: Engine): Promise<boolean> {
  const { source, target, ledger } = engine;
  await refreshViews(engine);
  await analyze(engine);
  const verified = await verifyLive({ from: source.database, to: target.database, side: "source" });
  await ledger.write({}, { verified: { of: "the copy", exact: false, ...verified } });
  if (verified.differences.length > 0) {
    await ledger.note("copy-differs", verified);
    return true;
  }
  reached("verified");
  await ledger.write({ phase: "ready" });
  return false;
}

/** Materialized views come without rows. */
async function refreshViews({ target }: Engine): Promise<void> {
  const views = await target.database.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, matviewname) AS name FROM pg_matviews WHERE NOT ispopulated",
  );
  for (const { name } of views) await target.database.query(`REFRESH MATERIALIZED VIEW ${name}`);
}

async function switchItself(engine: Engine): Promise<void> {
  const { outcome, message } = await decide(engine, "switch");
  if (outcome !== "done") refuse("the automatic switch", message, "a switch", "see there; it is tried again");
}

/** Statistics are not copied: without them, clients would come to slow plans. Autovacuum never makes those of partitioned tables. */
async function analyze({ target }: Engine): Promise<void> {
  const parents = await target.database.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'p' AND ${userSchemas}`,
  );
  for (const { name } of [...(await tablesOf(target.database)), ...parents])
    await target.database.query(`ANALYZE ${name}`);
}

/** Brings everything in line that has gone out of it, such as a PgBouncer that started with its first file again. */
async function watch(engine: Engine): Promise<{ mended: string[]; pods: number }> {
  const { active } = await engine.ledger.read();
  const { pods, mended } = await converge(engine, active, false);
  await engine.ledger.write({}, { pods });
  if (mended.length > 0) await engine.ledger.note("mended", { mended });
  return { mended, pods: pods.length };
}

/** Goes one phase further. A refusal stands in the status until what it names has changed. */
async function advanceOrSay(engine: Engine): Promise<number> {
  try {
    const wait = await advance(engine);
    await engine.ledger.problem(null);
    return wait ? tickMs : 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await engine.ledger.problem(error.message);
    return refusedMs;
  }
}

/** Supervises with the lock held, until the handover is aborted or the process is to end; with `only`, until that request has an outcome. */
async function superviseWith(engine: Engine, stop: AbortSignal, only?: string): Promise<void> {
  const { ledger } = engine;
  if (only === undefined && (await ledger.read()).phase === "aborted") await ledger.reset();
  reached("ledger-made");
  await recover(engine);
  for (const name of sides) await reconnect(engine[name], engine[otherSide(name)]).catch(isUnreachable(name));
  while (!stop.aborted) {
    const request = await ledger.nextRequest();
    if (request) await perform(engine, request);
    if (only !== undefined && request?.id === only) break;
    if ((await ledger.read()).phase === "aborted") break;
    const end = performance.now() + (only === undefined ? await advanceOrSay(engine) : 0);
    while (performance.now() < end && !stop.aborted && !(await ledger.nextRequest())) await sleep(requestMs);
  }
  if (!stop.aborted) await engine.comparing;
}

/** Milliseconds before new connections, at first and at the most. */
const reconnectMs = { first: 500, longest: 10_000 };

/**
 * Runs one handover. With `only`, carries out that request, or returns false where a supervisor runs, which will. Without,
 * waits for the lock where another supervisor has it. A lost connection starts over: everything is read again from the ledger.
 */
export async function supervise(environment: HandoverEnvironment, stop: AbortSignal, only?: string): Promise<boolean> {
  let isWaiting = false;
  for (let wait = reconnectMs.first; !stop.aborted; wait = Math.min(reconnectMs.longest, wait * 2)) {
    const begun = performance.now();
    const servers = sidesOf(environment);
    let ledger: Ledger | undefined;
    try {
      ledger = await Ledger.hold(environment.TARGET_URL);
      if (ledger) {
        await superviseWith({ environment, ledger, ...servers }, stop, only);
        return true;
      }
      if (only !== undefined) return false;
      if (!isWaiting) log("waiting", { for: "the lock of another supervisor" });
      isWaiting = true;
      wait = reconnectMs.first;
    } catch (error) {
      const { message, stack } = error as Error;
      log("failed", { message, stack });
      await ledger?.problem(message).catch(() => undefined);
      if (performance.now() - begun > reconnectMs.longest) wait = reconnectMs.first;
    } finally {
      await ledger?.close();
      await closeSides(servers);
    }
    await sleep(wait, undefined, { signal: stop }).catch(() => undefined);
  }
  return true;
}
