import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { problemsOf } from "../support/settings";

const read = (file: string) => readFileSync(join(__dirname, "..", "..", file), "utf8");
const stacks = ["local", "mvp", "startup", "growth", "scale"];

type Values = Record<string, unknown> & { app?: object };

const isSecret = (value: unknown) => typeof value === "object" && value !== null && "secure" in value;

/** The settings of a stack file or a snippet, without the namespace, and with secrets in plain text. */
function settingsOf(text: string): Values {
  const { config } = parse(text, (_, value) => (isSecret(value) ? "token" : value)) as {
    config: Values;
  };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("tierstack:", ""), value]));
}

/** What a user who copies the snippet into a shipped stack file is told. */
function problemsIn(stack: string, snippet: string): string[] {
  const shipped = settingsOf(read(`Pulumi.${stack}.yaml`));
  const own = settingsOf(snippet);
  return problemsOf({ ...shipped, ...own, app: { ...shipped.app, ...own.app } });
}

/** The stacks that a snippet says it fits in its first line; without such a line, all of them. */
function statedStacks(snippet: string): string[] {
  const [line] = /^# Fits the stacks .*/.exec(snippet) ?? [];
  return line ? stacks.filter((stack) => new RegExp(`\\b${stack}\\b`).test(line)) : stacks;
}

describe("snippets of settings in docs/application.md", () => {
  const snippets = [...read("docs/application.md").matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, snippet = ""]) => snippet,
  );

  it("are all found", () => {
    const all = snippets.join("");
    for (const key of ["egress", "writable", "schedules", "migrate", "iamPolicy", "registry", "maxJobSeconds", "image"])
      expect(all).to.match(new RegExp(`\\b${key}:`));
  });

  for (const [at, snippet] of snippets.entries())
    it(`fit exactly the shipped stacks that they name: number ${at + 1}`, () => {
      const fitting = stacks.filter((stack) => problemsIn(stack, snippet).length === 0);
      expect(fitting, snippet).to.deep.equal(statedStacks(snippet));
    });

  it("of a schedule and a migration fit MVP together on the node that the page names", () => {
    const [schedules, migrate] = ["schedules", "migrate"].map((key) =>
      snippets.map(settingsOf).find(({ app }) => app && key in app),
    );
    const shipped = settingsOf(read("Pulumi.mvp.yaml"));
    const both = { ...shipped, app: { ...shipped.app, ...schedules?.app, ...migrate?.app } };
    expect(problemsOf(both)).to.have.length(1);
    expect(problemsOf({ ...both, nodes: { instanceTypes: ["t4g.medium"] } })).to.deep.equal([]);
  });
});
