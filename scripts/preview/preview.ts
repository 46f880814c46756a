/**
 * Plans every stack of two checkouts, compares them and writes a page for a pull request:
 *
 *     node --import tsx scripts/preview/preview.ts BASE HEAD PAGE.md
 *
 * BASE and HEAD are folders with their packages installed. It needs no account, no token and no network. The exit code is
 * 0 wherever there is a page, also one that says what is refused: the checks decide whether a pull request is fine.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Checkout } from "./checkout";
import { compare, type Side } from "./compare";
import { page } from "./page";

function side(folder: string, plans: string): Side {
  mkdirSync(plans);
  return { checkout: new Checkout(resolve(folder)), plans };
}

/** Writes the page. Returns the exit code, and what is wrong. */
export function preview(argv: string[]): { code: number; problem: string } {
  const [base, head, out, ...more] = argv;
  if (base === undefined || head === undefined || out === undefined || more.length > 0) {
    const given = `command line: given ${argv.length} arguments`;
    return { code: 2, problem: `${given}; allowed: BASE HEAD PAGE.md; fix: name two checkouts and a file` };
  }
  const plans = mkdtempSync(join(tmpdir(), "preview-"));
  try {
    const { comparisons, baseProblem } = compare(side(base, join(plans, "base")), side(head, join(plans, "head")));
    writeFileSync(out, page(comparisons, baseProblem));
    return { code: 0, problem: "" };
  } catch (error) {
    return { code: 2, problem: (error as Error).message };
  } finally {
    rmSync(plans, { recursive: true });
  }
}

if (require.main === module) {
  const { code, problem } = preview(process.argv.slice(2));
  if (problem !== "") process.stderr.write(`${problem}\n`);
  process.exitCode = code;
}
