/** Renders docs/runbooks: the commands of `npm run ops` from their own list. */
import { operations } from "../ops/commands";
import { exitCodes } from "../ops/help";
import { type Runbook, runbooks, type Step } from "../ops/runbooks/pages";
import { commandSection } from "./command-section";
import { code, table } from "./markdown";

const folder = "docs/runbooks";
const note = "<!-- Generated from ops/ by `npm run generate`; edit there. -->";

/** Text with its documents as links from the folder of the runbooks. */
const linked = (text: string) =>
  text.replaceAll(/\bdocs\/([\w-]+\.md)(#[\w-]+)?/g, (_, file, anchor = "") => `[${file}](../${file}${anchor})`);

function readme(): string {
  const { commands } = operations;
  const rows = commands.map(({ name, summary, changes }) => [
    `[${code(name)}](#${name})`,
    summary,
    changes ? "asks first" : "only looks",
  ]);
  return `${note}
# Runbooks

\`npm run ops -- COMMAND\` operates a deployed product. ${code("npm run ops -- COMMAND --help")} says what a command takes.

${table(["command", "what it does", ""], ["---", "---", "---"], rows)}

Emergencies:

${runbooks.map(({ name, title }) => `- [${title}](${name}.md)`).join("\n")}

How the commands work:

- Name the stack with \`-s\`: commands then take the kubeconfig from its outputs, and the prefix of its namespaces from its file.
  Without it they act on the current context of kubectl's configuration, or on \`--context\`.
- The first line of every answer names the stack and the cluster, and so does every question.
- What needs a store runs in a pod that has its credentials, by \`kubectl exec\`; metrics are read by \`kubectl port-forward\`. No
  password passes through your machine, or stands in an argument. You need the rights on \`pods/exec\` and \`pods/portforward\`.
- A command that does harm asks first. \`--yes\` answers for you, \`--dry-run\` says what would be done and does nothing.
- \`pulumi up\` undoes nothing that a command set in Redis. What one changed of a Kubernetes object stays until a \`pulumi up\` that
  changes that object, or runs with \`--refresh\`; it then has the stack's values again, without a conflict.
- A command of \`kubectl\` that an answer names acts on kubectl's own context. For that of a stack:
  \`pulumi stack output kubeconfig --show-secrets --stack STACK > kubeconfig && export KUBECONFIG=$PWD/kubeconfig\`.
- Exit codes: ${exitCodes}

## An image of your own

Commands about the stores run \`node workload/operate.js REQUEST\` in the container \`app\`. The reference application's image has that
program. Another image can answer the same requests, as \`contract/operate.ts\` describes them, from a program of that name. Without it,
those commands say so and end with 1. \`status\` names what it could not look at, and its exit code is that of the rest. The other
commands work with every image.

${commands.map((command) => commandSection(operations, command, linked)).join("\n\n")}
`;
}

const stepText = ({ text, run }: Step) =>
  `- ${linked(text)}${run === undefined ? "" : `\n\n  \`\`\`bash\n  ${run}\n  \`\`\``}`;

function emergency({ title, symptom, look, act, verify }: Runbook): string {
  const parts = [
    note,
    `# ${title}`,
    "Words in capitals stand for yours: `STACK` is the name of your stack.",
    "## Symptom",
    symptom.map((text) => `- ${text}`).join("\n"),
    ...(
      [
        ["Look", look],
        ["Act", act],
        ["Verify", verify],
      ] as const
    ).flatMap(([head, steps]) => [`## ${head}`, steps.map(stepText).join("\n\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Returns the pages by path. */
export const runbookPages = (): Record<string, string> => ({
  [`${folder}/README.md`]: readme(),
  ...Object.fromEntries(runbooks.map((one) => [`${folder}/${one.name}.md`, emergency(one)])),
});
