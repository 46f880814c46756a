import { Database } from "./database";
import type { HandoverEnvironment } from "./environment";
import { schema } from "./ledger";

/** Events that the status shows. */
const recent = 10;

/** The state of the handover as JSON, for people and programs. Reads the ledger alone. */
export async function status({ TARGET_URL }: HandoverEnvironment): Promise<object> {
  const target = new Database(TARGET_URL);
  try {
    const { there } = await target.one<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [
      `${schema}.ledger`,
    ]);
    if (!there) return { phase: "new" };
    const state = await target.one(`SELECT phase, active, switching, details FROM ${schema}.ledger`);
    const events = await target.query(
      `SELECT at, event, details FROM ${schema}.event ORDER BY id DESC LIMIT ${recent}`,
    );
    return { ...state, events };
  } finally {
    await target.close();
  }
}
