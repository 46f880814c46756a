import { expect } from "chai";
import type { ClientBase } from "pg";
import type { PooledServer } from "../../long/support/pooler";
import { type FaultResult, measuredNow, postgresVersion, recordFault, seconds } from "./faults";
import { balance, exact } from "./ledger";
import type { Report } from "./protocol";

/** Returns what the callers of a report saw. */
function callersSaw({ errors, done, slowestMs }: Report): string {
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const messages = Object.keys(errors)
    .sort()
    .map((message) => `"${message}"`);
  const slowest = `slowest of ${done} transactions ${seconds(slowestMs)} s`;
  return failed === 0
    ? `no error; ${slowest}`
    : `${failed} ${failed === 1 ? "error" : "errors"}, each repeated with success (${messages.join(", ")}); ${slowest}`;
}

/**
 * Records what clients saw of a fault. Asserts that every acknowledged write of theirs is there once. Returns their number.
 * @param superuser  connection to the database in use
 * @param what       in front of what the clients saw
 */
export async function recordUnderLoad(
  fault: FaultResult["fault"],
  report: Report,
  superuser: ClientBase,
  { bin, version }: PooledServer,
  what = "",
): Promise<number> {
  const { acknowledged, ...wrong } = await balance(superuser, report);
  const { recoveredMs } = report;
  recordFault({
    fault,
    saw: `${what}${callersSaw(report)}`,
    ...(recoveredMs !== undefined && { recoveredSeconds: seconds(recoveredMs) }),
    acknowledged,
    lost: wrong.lost,
    measured: measuredNow(postgresVersion(bin.postgres), `PgBouncer ${version}`),
  });
  expect(wrong).to.deep.equal(exact);
  return acknowledged;
}
