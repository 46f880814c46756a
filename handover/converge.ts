import { type ConvergeStep, convergeSteps, type SideName } from "./decide";
import { type Engine, otherOf } from "./engine";
import { doors, fence, unfence } from "./fence";
import { Console, findPods, nameOf, type Pod, type PodState } from "./poolers";
import { log } from "./steps";

export interface Converged {
  pods: PodState[];
  /** What was out of line, or could not be reached. */
  mended: string[];
}

/**
 * Puts a PgBouncer on a file, and lets its clients go on. One that has the file and makes nobody wait is left alone: clients
 * get an error where a RELOAD meets a login on the server. One that makes clients wait may have been left before its RELOAD.
 */
async function movePod(engine: Engine, pod: Pod, file: string, mended: string[]): Promise<PodState> {
  const console = await Console.open(pod, engine.environment);
  try {
    const before = await console.state();
    if (before.file === file && before.paused.length === 0) return before;
    await console.move(file);
    mended.push(`PgBouncer ${nameOf(pod)}: file ${before.file}, paused: ${before.paused.join(", ") || "none"}`);
    return await console.state();
  } finally {
    console.close();
  }
}

/** Puts every PgBouncer on a file. Those that cannot be reached are named in `mended`. */
export async function movePods(engine: Engine, file: string, mended: string[]): Promise<PodState[]> {
  const found = await findPods(engine.environment);
  const moved = await Promise.all(
    found.map((pod) =>
      movePod(engine, pod, file, mended).catch((error: Error) => {
        mended.push(`PgBouncer ${nameOf(pod)}: ${error.message}`);
      }),
    ),
  );
  return moved.filter((state) => state !== undefined);
}

/**
 * Brings servers and PgBouncers in line with the side in use. The other side is closed first. Where its server cannot be
 * reached it counts as closed: its fence was committed before the ledger named the side in use.
 */
export async function converge(engine: Engine, active: SideName, always: boolean): Promise<Converged> {
  const roles = engine.environment.FENCED_ROLES;
  const used = engine[active];
  const unused = otherOf(engine, used);
  const mended: string[] = [];
  const unreachable = (what: string) => (error: Error) => {
    mended.push(`${what}: ${error.message}`);
  };
  let pods: PodState[] = [];
  const act: Record<ConvergeStep, () => Promise<void>> = {
    "fence-inactive": async () => {
      const close = async () => {
        const { open } = await doors(unused.database, roles);
        if (open.length > 0) mended.push(`the ${unused.name} let ${open.join(", ")} log in`);
        if (open.length > 0 || always) await fence(unused.database, roles);
      };
      await close().catch(unreachable(`the ${unused.name}`));
    },
    "unfence-active": () => unfence(used.database, roles),
    "pods-to-active": async () => {
      pods = await movePods(engine, used.config, mended);
    },
  };
  for (const step of convergeSteps) await act[step]();
  if (mended.length > 0) log("mended", { mended });
  return { pods, mended };
}
