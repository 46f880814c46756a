import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MeasuredRestore } from "../../../../scripts/measured-drills";
import { measuredNow } from "../../support/faults";

const file = join(__dirname, "../../../../docs/measured/drills.json");

/** With TIERSTACK_RECORD=true, writes what a drill of a restore has measured to the file. */
export function recordDrill(said: string): void {
  if (process.env.TIERSTACK_RECORD !== "true") return;
  const text = said.replaceAll("\n", " ");
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1]);
  const restore: MeasuredRestore = {
    databaseBytes: number(/database of ([\d.]+) MB/) * 1e6,
    copiedBytes: number(/: ([\d.]+) MB of a database/) * 1e6,
    files: number(/and (\d+) files? of the log/),
    copySeconds: number(/Copied in (\d+) s/),
    restoreSeconds: number(/restored in (\d+) s/),
    measured: measuredNow("PostgreSQL 15"),
  };
  writeFileSync(file, `${JSON.stringify({ restore }, null, 2)}\n`);
}
