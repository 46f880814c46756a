/** `npm run bench:data [-- --out FILE]`: prints ratios of the data path, measured in turns on this machine. Not a test. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { measuredNow, postgresVersion } from "../tests/data/support/faults";
import { pgbouncerVersion } from "../tests/long/support/postgres";
import { cache } from "./data/cache";
import { binaries, type Case, type Result } from "./data/case";
import { pooling } from "./data/pooling";
import { replica } from "./data/replica";
import { line } from "./timing";

/** Every case. A new one is a file in bench/data and an entry here. */
const cases: Case[] = [pooling, replica, cache];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: "string" } } });
  const results: Result[] = [];
  for (const one of cases) {
    const measured = await one.run((step) => process.stderr.write(`${one.name}: ${step}\n`));
    for (const result of measured) line(result.what, result.ratio, result.wanted, result.detail);
    results.push(...measured);
  }
  const { postgres, pgbouncer } = binaries();
  const measured = measuredNow(postgresVersion(postgres), `PgBouncer ${pgbouncerVersion(pgbouncer)}`);
  const rounded = results.map((result) => ({ ...result, ratio: Number(result.ratio.toFixed(2)) }));
  if (values.out) writeFileSync(values.out, `${JSON.stringify({ measured, results: rounded }, null, 2)}\n`);
}

main().then(
  () => process.exit(),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
