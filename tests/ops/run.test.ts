import { expect } from "chai";
import { operations } from "../../ops/commands";
import { commandHelp, overview } from "../../ops/help";
import { Refused } from "../../ops/kube/kube";
import { runOps } from "../../ops/run";
import { captured } from "../support/captured";
import { FakeReach, runOn, worldOf } from "./world";

const held = { mode: { value: "normal", otherwise: "normal" }, limits: { value: 1, otherwise: 1 } };

const { commands } = operations;

const offline = (...argv: string[]) =>
  captured(() =>
    runOps(argv, process.cwd(), {
      connect: () => Promise.reject(new Error("connected")),
      confirm: () => Promise.reject(new Error("asked")),
    }),
  );

describe("npm run ops", () => {
  it("has help of all commands in one list, and of each", async () => {
    expect(await offline("--help")).to.deep.equal({ code: 0, stdout: overview(operations, 100), stderr: "" });
    for (const command of commands)
      expect(await offline(command.name, "--help")).to.deep.equal({
        code: 0,
        stdout: commandHelp(operations, command, 100),
        stderr: "",
      });
    const lines = [overview(operations, 100), ...commands.map((one) => commandHelp(operations, one, 100))]
      .join("")
      .split("\n");
    expect(lines.filter((line) => line.length > 100)).to.deep.equal([]);
  });

  it("has a list of all commands that fits a narrow terminal", () => {
    for (const width of [80, 60, 40])
      expect(
        overview(operations, width)
          .split("\n")
          .filter((line) => line.length > width),
      ).to.deep.equal([]);
  });

  it("names the stack and the cluster in a question, an answer and a dry run", async () => {
    for (const [stack, place] of [
      [undefined, "cluster production"],
      [{ name: "growth", maintenance: false }, "stack growth, cluster production"],
    ] as const) {
      const questions: string[] = [];
      const world = { ...worldOf({ reach: new FakeReach({ limits: held }), stack }), cluster: "production" };
      const outside = {
        connect: async () => world,
        confirm: async (question: string) => {
          questions.push(question);
          return true;
        },
      };
      const run = (...argv: string[]) => captured(() => runOps(argv, process.cwd(), outside));
      const dry = await run("limits", "--factor", "0.5", "--dry-run");
      expect(dry.stdout).to.equal(`${place}\nwould multiply every rate limit by 0.5; nothing was changed\n`);
      expect((await run("limits", "--factor", "0.5")).stdout).to.equal(`${place}\nrate limits as configured\n`);
      expect(questions).to.deep.equal([`${place}: Multiply every rate limit by 0.5?`]);
    }
  });

  it("answers a wrong name with the one that is meant, before it connects", async () => {
    const allowed = commands.map(({ name }) => name).join(", ");
    for (const [name, given, fix] of [
      ["conections", "conections", "did you mean connections?"],
      ["", "nothing", "name one of them, or ask for --help"],
      ["xylophone-solo", "xylophone-solo", "name one of them, or ask for --help"],
      ["-s", "-s", "write the command first, and flags after it"],
      ["--dry-run", "--dry-run", "write the command first, and flags after it"],
    ] as const)
      expect(await offline(name)).to.deep.equal({
        code: 2,
        stdout: "",
        stderr: `command line: given ${given}; allowed: ${allowed}; fix: ${fix}\n`,
      });
  });

  it("names every problem of a command line in a line of its own", async () => {
    const { code, stderr } = await offline("limits", "--factor", "200", "--for", "9x");
    expect([code, stderr.split("\n")]).to.deep.equal([
      2,
      [
        "--factor: given 200; allowed: a number from 0.1 to 100; fix: correct it",
        "--for: given 9x; allowed: a number with s, m, h or d, at most 7 d; fix: write --for 2h",
        "",
      ],
    ]);
  });

  it("says what the API server refuses, with exit code 1", async () => {
    const kube = {
      list: () => Promise.reject(new Refused(403, 'deployments.apps is forbidden: User "x"')),
    };
    const { code, stderr } = await runOn({ kube }, "queues");
    expect([code, stderr]).to.deep.equal([
      1,
      'Kubernetes API: given a request that it refuses (403: deployments.apps is forbidden: User "x"); allowed: what your ' +
        "rights allow; fix: ask for them, or act as another user\n",
    ]);
  });

  it("tells an image without the program", async () => {
    const reach = new FakeReach({
      code: 1,
      stdout: "",
      stderr: "Error: Cannot find module '/app/workload/operate.js'\n",
    });
    const { code, stderr } = await runOn({ reach }, "connections");
    expect([code, stderr]).to.deep.equal([
      1,
      "image of app/app: given one without workload/operate.js; allowed: the reference application's, or one with a program " +
        "that answers the same requests; fix: docs/runbooks/README.md#an-image-of-your-own\n",
    ]);
  });

  it("throws a defect", async () => {
    const reach = { run: () => Promise.reject(new TypeError("defect")), read: async () => [] };
    let thrown: unknown;
    await runOn({ reach }, "connections").catch((error) => {
      thrown = error;
    });
    expect(thrown).to.be.instanceOf(TypeError);
  });
});
