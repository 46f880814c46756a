import type { Snapshots } from "./attempt";
import { type Request, requests } from "./commands";
import { startComparison } from "./compare";
import { goalOf, isDone, objection, type SideName } from "./decide";
import type { Engine } from "./engine";
import type { Outcome, RequestRow } from "./ledger";
import { Refusal } from "./refusal";
import { abort, finish } from "./remove";
import { reverse } from "./reverse";
import { reached } from "./steps";
import { switchTo } from "./switch";

/** After the point of no return and the move of the PgBouncers: the replication turns round; the two sides are compared. */
export async function complete(engine: Engine, snapshots: Snapshots | undefined): Promise<void> {
  const { active } = await engine.ledger.read();
  await reverse(engine, engine[active]);
  await engine.ledger.write({ switching: null });
  reached("switch-complete");
  await startComparison(engine, snapshots);
}

async function move(engine: Engine, to: SideName): Promise<string> {
  await complete(engine, await switchTo(engine, to));
  const { details } = await engine.ledger.read();
  return JSON.stringify({ active: to, pauseMs: details.pauseMs });
}

const carryOut: Record<Request, (engine: Engine) => Promise<string>> = {
  switch: (engine) => move(engine, goalOf("switch")),
  back: (engine) => move(engine, goalOf("back")),
  abort: async (engine) => {
    await abort(engine);
    return "aborted";
  },
  finish: async (engine) => {
    await finish(engine);
    return "finished";
  },
};

/** Carries out a request. Its outcome is for whoever asked. */
export async function perform(engine: Engine, request: RequestRow): Promise<void> {
  await engine.ledger.answer(request, await decide(engine, request.command));
}

/**
 * Decides on a request, and does it. What fails is answered, unless the ledger is lost or a switch is under way: then the next
 * start goes on with it.
 */
export async function decide(engine: Engine, request: Request): Promise<Outcome> {
  const state = await engine.ledger.read();
  if (!requests.includes(request)) return { outcome: "refused", message: `unknown request ${request}` };
  if (isDone(request, state)) return { outcome: "done", message: `${state.phase}: clients use the ${state.active}` };
  const objected = objection(request, state);
  if (objected) return { outcome: "refused", message: new Refusal([objected]).message };
  try {
    return { outcome: "done", message: await carryOut[request](engine) };
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof Refusal) return { outcome: "refused", message };
    if ((await engine.ledger.read()).switching !== null) throw error;
    return { outcome: "failed", message };
  }
}
