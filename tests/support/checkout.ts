import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a checkout's commands answer for a stack: a plan, or an exit code with a message. */
export interface StackAnswers {
  plan: object | { exit: number; message: string };
  diff?: { exit: number; message: string; json: object; markdown: string };
}

/** Stands for the CLI of one side: `npm run plan` and `npm run diff` with the flags that a preview gives. */
const cli = `
const { readFileSync, writeFileSync } = require("node:fs");
const [command, ...flags] = process.argv.slice(2);
const of = Object.fromEntries(flags.map((flag) => /^--(\\w+)=([^]*)$/.exec(flag).slice(1)));
const { plan, diff } = JSON.parse(readFileSync("answers.json", "utf8"))[of.stack];
const fail = ({ exit, message }) => { process.stderr.write(message); process.exitCode = exit; };
if (command === "plan" && plan.exit) fail(plan);
else if (command === "plan") writeFileSync(of.out, JSON.stringify(plan));
else {
  JSON.parse(readFileSync(of.base, "utf8"));
  process.stdout.write(of.format === "json" ? JSON.stringify(diff.json) : diff.markdown);
  if (diff.exit) fail(diff);
}
`;

/** Writes a checkout with stacks, whose CLI gives prepared answers. */
export function checkoutOf(folder: string, stacks: Record<string, StackAnswers>): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
  for (const stack of Object.keys(stacks)) writeFileSync(join(folder, `Pulumi.${stack}.yaml`), "config: {}\n");
  const scripts = { plan: "node cli.cjs plan", diff: "node cli.cjs diff" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop", private: true, scripts }));
  writeFileSync(join(folder, "cli.cjs"), cli);
  writeFileSync(join(folder, "answers.json"), JSON.stringify(stacks));
  return folder;
}
