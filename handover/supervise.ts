import { setTimeout as sleep } from "node:timers/promises";
import { type Request, requests } from "./commands";
import { converge } from "./converge";
import { isServerError } from "./database";
import { goalOf, hasSwitched, isDone, objection, otherSide, recovery, type SideName, sides } from "./decide";
import { closeSides, type Engine, otherOf, sidesOf } from "./engine";
import type { HandoverEnvironment } from "./environment";
import { isCopied, type Progress, progress, secondsLeft } from "./follow";
import { inspectSides } from "./inspect";
import { Ledger, type Outcome, type RequestRow } from "./ledger";
import { prepare, reconnect } from "./prepare";
import { Refusal, refuse } from "./refusal";
import { abort, finish } from "./remove";
import { reverse } from "./reverse";
import { log, reached } from "./steps";
import { type Snapshots, switchTo, takeBack } from "./switch";
import { compareExactly, verifyLive } from "./verify";

/** Milliseconds between two looks at servers, PgBouncers and requests. */
const tickMs = 1000;
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
  } else if (hasSwitched(state.phase)) await converge(engine, state.active, true);
}

/** After the point of no return and the move of the PgBouncers: the replication turns round; the two sides are compared. */
async function complete(engine: Engine, snapshots: Snapshots | undefined): Promise<void> {
  const { active } = await engine.ledger.read();
  const to = engine[active];
  const from = otherOf(engine, to);
  await reverse(engine, to);
  await engine.ledger.write({ switching: null });
  reached("switch-complete");
  const live = async () => ({
    exact: false,
    ...(await verifyLive({ from: to.database, to: from.database, side: to.name })),
  });
  const verified = await watching(engine, snapshots ? exactly(snapshots) : live());
  await engine.ledger.write({}, { verified: { of: `switch to the ${to.name}`, ...verified } });
  await engine.ledger.note("compared", verified);
  reached("exactly-verified");
}

/** Watches over servers and PgBouncers while something takes long. */
async function watching<T>(engine: Engine, work: Promise<T>): Promise<T> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  const end = work.then(over, over);
  for (;;) {
    await Promise.race([end, sleep(tickMs)]);
    if (isOver) return work;
    await watch(engine);
  }
}

async function exactly({ from, to, tables }: Snapshots) {
  const askers = [from, to].map((client) => ({
    query: async <Row extends object>(sql: string, values: unknown[] = []) =>
      (await client.query(`${sql}`, values)).rows as Row[],
  }));
  try {
    for (const client of [from, to]) await client.query("SET LOCAL statement_timeout = 0");
    return { exact: true, ...(await compareExactly(askers[0] as never, askers[1] as never, tables)) };
  } finally {
    await Promise.all([from, to].map((client) => client.end()));
  }
}

async function move(engine: Engine, request: "switch" | "back"): Promise<string> {
  const snapshots = await switchTo(engine, goalOf(request));
  await complete(engine, snapshots);
  const { details } = await engine.ledger.read();
  return JSON.stringify({ pauseMs: details.pauseMs, verified: details.verified });
}

const carryOut: Record<Request, (engine: Engine) => Promise<string>> = {
  switch: (engine) => move(engine, "switch"),
  back: (engine) => move(engine, "back"),
  abort: async (engine) => {
    await abort(engine);
    return "aborted";
  },
  finish: async (engine) => {
    await finish(engine);
    return "finished";
  },
};

/** Carries out a request; its refusal is its outcome. A lost connection is nobody's outcome: the next start goes on. */
async function perform(engine: Engine, request: RequestRow): Promise<void> {
  const outcome = await decide(engine, request.command);
  await engine.ledger.answer(request, outcome);
}

async function decide(engine: Engine, request: Request): Promise<Outcome> {
  const state = await engine.ledger.read();
  if (!requests.includes(request)) return { outcome: "refused", message: `unknown request ${request}` };
  if (isDone(request, state)) return { outcome: "done", message: `${state.phase}: clients use the ${state.active}` };
  const objected = objection(request, state);
  if (objected) return { outcome: "refused", message: new Refusal([objected]).message };
  try {
    return { outcome: "done", message: await carryOut[request](engine) };
  } catch (error) {
    if (error instanceof Refusal) return { outcome: "refused", message: error.message };
    // What a server refused would be refused again; a switch that was begun is another matter.
    if (isServerError(error) && (await engine.ledger.read()).switching === null)
      return { outcome: "failed", message: (error as Error).message };
    throw error;
  }
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
  const now = await progress(engine, engine[follower]).catch(isUnreachable(follower));
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
      if (environment.SWITCH === "automatic") log("automatic-switch", { outcome: await decide(engine, "switch") });
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

/** Brings everything in line that has gone out of it, such as a PgBouncer that started with its first file again. */
async function watch(engine: Engine): Promise<{ mended: string[]; pods: number }> {
  const { active } = await engine.ledger.read();
  const { pods, mended } = await converge(engine, active, false);
  await engine.ledger.write({}, { pods });
  if (mended.length > 0) await engine.ledger.note("mended", { mended });
  return { mended, pods: pods.length };
}

/** Supervises with the lock held, until the handover is over; with `only`, until that request has an outcome. */
async function superviseWith(engine: Engine, only?: string): Promise<void> {
  if (only === undefined && (await engine.ledger.read()).phase === "aborted") await engine.ledger.reset();
  reached("ledger-made");
  await recover(engine);
  for (const name of sides) await reconnect(engine[name], engine[otherSide(name)]).catch(isUnreachable(name));
  for (;;) {
    const request = await engine.ledger.nextRequest();
    if (request) await perform(engine, request);
    if (only !== undefined && request?.id === only) return;
    const { phase } = await engine.ledger.read();
    if (phase === "aborted" || phase === "finished") return;
    const wait = only === undefined ? await advance(engine) : false;
    const end = performance.now() + (wait ? tickMs : 0);
    while (performance.now() < end && !(await engine.ledger.nextRequest())) await sleep(requestMs);
  }
}

/** Whether the engine can go on with new connections. */
const isFatal = (error: unknown) => error instanceof Refusal;
/** Milliseconds before new connections, at first and at the most. */
const reconnectMs = { first: 500, longest: 10_000 };

/**
 * Runs one handover. Returns false where another supervisor runs. A lost connection starts over: everything is read again from
 * the ledger, with its lock.
 */
export async function supervise(environment: HandoverEnvironment, only?: string): Promise<boolean> {
  for (let wait = reconnectMs.first; ; wait = Math.min(reconnectMs.longest, wait * 2)) {
    const begun = performance.now();
    const servers = sidesOf(environment);
    let ledger: Ledger | undefined;
    try {
      ledger = await Ledger.hold(environment.TARGET_URL);
      if (!ledger) return false;
      await superviseWith({ environment, ledger, ...servers }, only);
      return true;
    } catch (error) {
      if (isFatal(error)) throw error;
      log("failed", { message: (error as Error).message, stack: (error as Error).stack });
      if (performance.now() - begun > reconnectMs.longest) wait = reconnectMs.first;
      await sleep(wait);
    } finally {
      await ledger?.close();
      await closeSides(servers);
    }
  }
}
