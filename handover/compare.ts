import { askerOf, type Snapshots } from "./attempt";
import { type Engine, otherOf } from "./engine";
import { log, reached } from "./steps";
import { compareExactly, verifyLive } from "./verify";

async function exactly({ from, to, tables }: Snapshots) {
  const clients = [from, to];
  try {
    for (const client of clients) await client.query("SET LOCAL statement_timeout = 0");
    return { exact: true, ...(await compareExactly(askerOf(from), askerOf(to), tables)) };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/**
 * Compares both sides after a switch, beside everything else: it takes as long as the data is large. Without the snapshots of
 * the switch, which a killed engine takes with it, as they are now.
 */
export async function startComparison(engine: Engine, snapshots: Snapshots | undefined): Promise<void> {
  const { ledger } = engine;
  const to = engine[(await ledger.read()).active];
  const from = otherOf(engine, to);
  const of = `switch to the ${to.name}`;
  await ledger.write({}, { verified: { of, pending: true } });
  const live = async () => ({
    exact: false,
    ...(await verifyLive({ from: to.database, to: from.database, side: to.name })),
  });
  const work = async () => {
    const verified = snapshots ? await exactly(snapshots) : await live();
    await ledger.write({}, { verified: { of, ...verified } });
    await ledger.note("compared", verified);
    reached("exactly-verified");
  };
  engine.comparing = work().catch((error: Error) => log("comparison-failed", { of, message: error.message }));
}
