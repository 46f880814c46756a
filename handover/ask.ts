import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes, type Request } from "./commands";
import { Database } from "./database";
import type { HandoverEnvironment } from "./environment";
import { type Outcome, schema } from "./ledger";
import { refuse } from "./refusal";
import { supervise } from "./supervise";

/** Milliseconds between two looks for the outcome. */
const pollMs = 200;

const exitCodeOf: Record<Outcome["outcome"], number> = {
  done: exitCodes.success,
  failed: exitCodes.failure,
  refused: exitCodes.refused,
};

/** Asks the supervisor for something and waits for the outcome. Where none runs, this process carries it out. */
export async function ask(environment: HandoverEnvironment, command: Request): Promise<number> {
  const target = new Database(environment.TARGET_URL);
  try {
    const [made] = await target.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [
      `${schema}.request`,
    ]);
    if (!made?.there) refuse(command, "no handover on the target", "a handover that was started", "start it with run");
    const { id } = await target.one<{ id: string }>(
      `INSERT INTO ${schema}.request (command) VALUES ($1) RETURNING id`,
      [command],
    );
    for (;;) {
      const row = await target.one<Outcome>(`SELECT outcome, message FROM ${schema}.request WHERE id = $1`, [id]);
      if (row.outcome) {
        (row.outcome === "done" ? process.stdout : process.stderr).write(`${row.message}\n`);
        return exitCodeOf[row.outcome];
      }
      if (!(await supervise(environment, new AbortController().signal, id))) await sleep(pollMs);
    }
  } finally {
    await target.close();
  }
}
