import { SettingsError } from "../../config/problems";
import { tierNames } from "../../tiers";
import { formatOf, formatProblem, parseArguments, stacksProblem } from "./arguments";
import { type DiffFormat, diffFormats, showMove } from "./diff";
import { figureFlags, readFigures } from "./figures";
import { planCommand } from "./plan";

/** `npm run plan`; with `--to TIER`, the diff of the stack with that tier. */
export async function planOrMove(argv: string[], root: string): Promise<void> {
  const parsed = parseArguments(argv, ["format", "out", "to", "cwd", "manifests", ...figureFlags]);
  const { to, out, cwd, manifests } = parsed.values;
  if (to === undefined) return planCommand(argv, root);
  const format = formatOf(parsed.values);
  const problems = [
    ...parsed.problems,
    ...stacksProblem(parsed, { count: 1, allowed: "one stack beside --to", usage: "npm run plan -- STACK --to TIER" }),
    ...formatProblem(format, diffFormats),
  ];
  if (!(tierNames as readonly string[]).includes(to))
    problems.push({ where: "--to", given: to, allowed: tierNames.join(", "), fix: "choose one of them" });
  if (manifests !== undefined)
    problems.push({ where: "--manifests", given: "beside --to", allowed: "one of them", fix: "remove it" });
  if (problems.length > 0) throw new SettingsError(problems);
  const [stack = ""] = parsed.positionals;
  const figures = readFigures(parsed.values);
  await showMove({ from: { stack }, to: stack, tier: to, format: format as DiffFormat, out, cwd, figures }, root);
}
