/**
 * Plans every stack of two checkouts, compares them and writes a page for a pull request:
 *
 *     node --import tsx scripts/preview/preview.ts BASE HEAD PAGE.md
 *
 * BASE and HEAD are folders with their packages installed. It needs no account, no token and no network. The exit code is
 * 0 wherever there is a page, also one that says what is refused: the checks decide whether a pull request is fine.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Checkout } from "./checkout";
import { compare, type Side } from "./compare";
import { page } from "./page";

function side(folder: string, plans: string): Side {
  mkdirSync(plans);
  return { checkout: new Checkout(resolve(folder)), plans };
}

/** Writes the page. Returns the exit code; a message goes to standard error. */
export function preview(argv: string[]): number {
  const [base, head, out, ...more] = argv;
  if (base === undefined || head === undefined || out === undefined || more.length > 0) {
    process.stderr.write(
      `command line: given ${argv.length} arguments; allowed: BASE HEAD PAGE.md; fix: name two checkouts and a file\n`,
    );
    return 2;
  }
  const plans = mkdtempSync(join(tmpdir(), "preview-"));
  try {
    const { comparisons, baseProblem } = compare(side(base, join(plans, "base")), side(head, join(plans, "head")));
    writeFileSync(out, page(comparisons, baseProblem));
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
}

if (require.main === module) process.exitCode = preview(process.argv.slice(2));
