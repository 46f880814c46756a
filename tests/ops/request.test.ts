import { expect } from "chai";
import type { SettingsError } from "../../config/problems";
import { operations } from "../../ops/commands";
import { commandNamed, requestOf } from "../../ops/request";

const { commands } = operations;

const read = (name: string, ...argv: string[]) => {
  const { work, ...rest } = requestOf(commandNamed(name, commands), argv);
  expect(work).to.be.a("function");
  return rest;
};
const problemsOf = (name: string, ...argv: string[]) => {
  try {
    requestOf(commandNamed(name, commands), argv);
    return [];
  } catch (error) {
    return (error as SettingsError).message.split("\n");
  }
};
const here = { stack: undefined, context: undefined, cwd: undefined };

describe("a command line of ops", () => {
  it("names the stack with -s alone, wherever it stands", () => {
    expect(read("connections")).to.deep.equal({ target: here, dryRun: false, yes: false });
    const target = { ...here, stack: "growth" };
    for (const argv of [
      ["-s", "growth", "pause", "mail"],
      ["pause", "mail", "--stack=growth"],
      ["pause", "-sgrowth", "mail"],
      ["pause", "-s=growth", "mail"],
    ])
      expect(read("queues", ...argv), argv.join(" ")).to.deep.equal({ target, dryRun: false, yes: false });
    expect(problemsOf("pools", "growth")).to.deep.equal([
      "command line: given growth; allowed: no word; fix: remove it; a stack is named with -s",
    ]);
    expect(problemsOf("pools", "-s", "a", "-s", "b")).to.deep.equal([
      "--stack: given a b; allowed: one stack; fix: name one",
    ]);
  });

  it("has a context, a folder, a dry run and no question", () => {
    expect(read("maintenance", "off", "--context", "shop", "--cwd", "x", "--dry-run", "--yes")).to.deep.equal({
      target: { stack: undefined, context: "shop", cwd: "x" },
      dryRun: true,
      yes: true,
    });
    // A command that only looks has neither.
    expect(problemsOf("pools", "--dry-run")).to.have.length(1);
  });

  for (const [line, ...problems] of [
    ["connections --end 0", "--end: given 0; allowed: a whole number from 1 to 2147483647; fix: correct it"],
    ["connections --end 1e3x", "--end: given 1e3x; allowed: a whole number from 1 to 2147483647; fix: correct it"],
    [
      "connections --end 2147483648",
      "--end: given 2147483648; allowed: a whole number from 1 to 2147483647; fix: correct it",
    ],
    ["connections 4711", "command line: given 4711; allowed: no word; fix: remove it; a stack is named with -s"],
    ["queues drian mail", "command line: given drian; allowed: retry, drain, pause, resume; fix: did you mean drain?"],
    ["queues drain", "command line: given drain without a queue; allowed: a queue; fix: write queues drain QUEUE"],
    [
      "queues pause mail now",
      "command line: given now; allowed: no word after mail; fix: remove it; a stack is named with -s",
    ],
    ["maintenance no", "command line: given no; allowed: on, off; fix: did you mean on?"],
    [
      "maintenance off --for 2h",
      "command line: given --for without on; allowed: --for with maintenance on; fix: write maintenance on",
    ],
    [
      "maintenance --read-only",
      "command line: given --read-only without on; allowed: --read-only with maintenance on; fix: write maintenance on",
    ],
    [
      "maintenance on --for 8d",
      "--for: given 8d; allowed: a number with s, m, h or d, at most 7 d; fix: write --for 2h",
    ],
    ["limits --factor 0.09", "--factor: given 0.09; allowed: a number from 0.1 to 100; fix: correct it"],
    ["limits --factor 100.1", "--factor: given 100.1; allowed: a number from 0.1 to 100; fix: correct it"],
    ["limits off --factor 2", "command line: given off and --factor; allowed: one of them; fix: leave one out"],
    [
      "limits --for 1h",
      "command line: given --for without --factor; allowed: --for with --factor; fix: write --factor 2",
    ],
    ["limits 2", "command line: given 2; allowed: off, or --factor; fix: write limits --factor 2"],
    ["limits of", "command line: given of; allowed: off; fix: did you mean off?"],
    ["cache --prefix cache:", "command line: given nothing; allowed: flush; fix: write cache flush --prefix PREFIX"],
    ["cache clear --prefix cache:", "command line: given clear; allowed: flush; fix: write flush"],
    ["cache flsh --prefix cache:", "command line: given flsh; allowed: flush; fix: did you mean flush?"],
    [
      "cache flush",
      "--prefix: given nothing; allowed: a prefix that begins with cache:; fix: write --prefix cache: for all",
    ],
    [
      "cache flush --prefx cache:",
      "command line: given --prefx; allowed: --prefix, --context, --cwd, --dry-run, --yes, --stack, --help, -s, -h; fix: did you mean --prefix?",
    ],
    ["scale", "command line: given nothing; allowed: app or a queue, then pods or off; fix: write scale app PODS"],
    ["scale app", "command line: given app; allowed: app or a queue, then pods or off; fix: write scale app PODS"],
    ["scale app 0", "scale app: given 0; allowed: a whole number from 1 to 10000; fix: correct it"],
    ["scale app 2.5", "scale app: given 2.5; allowed: a whole number from 1 to 10000; fix: correct it"],
    ["scale app off --for 2h", "command line: given off and --for; allowed: one of them; fix: leave one out"],
    [
      "scale app 2 --for 31d",
      "--for: given 31d; allowed: a number with s, m, h or d, at most 30 d; fix: write --for 2h",
    ],
    ["restart", "command line: given nothing; allowed: app, pgbouncer or a queue; fix: write restart app"],
    [
      "restart app mail",
      "command line: given mail; allowed: no word after app; fix: remove it; a stack is named with -s",
    ],
    [
      "rollback app mail",
      "command line: given mail; allowed: no word after app; fix: remove it; a stack is named with -s",
    ],
    ["status growth", "command line: given growth; allowed: no word; fix: remove it; a stack is named with -s"],
    ["certificates all", "command line: given all; allowed: no word; fix: remove it; a stack is named with -s"],
  ] as const)
    it(`is refused: ${line}`, () => {
      const [name = "", ...argv] = line.split(" ");
      expect(problemsOf(name, ...argv)).to.deep.equal(problems);
    });
});
