import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { tierNames } from "../../tiers";
import { testProject } from "../support/project";

const root = join(__dirname, "..", "..");

/** In a network namespace of its own, where not even loopback is up, and with no variable but the search path. */
const offline = ["--user", "--map-root-user", "--net", "env", "-i", `PATH=${process.env.PATH}`, process.execPath];

/** Runs Node there, in a new process. */
function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync("unshare", [...offline, ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

const pairs = tierNames.slice(1).map((to, at) => [tierNames[at] as string, to]);
const moves = [...pairs, ...pairs.map(([from, to]) => [to, from])] as [string, string][];

describe("plan and diff without a network or an environment", () => {
  before(function () {
    if (run("--version").status === 0) return;
    console.log("      skipped: this system gives no network namespaces to its users");
    this.skip();
  });

  it("are run where nothing can be reached", () => {
    const script =
      "const s = require('net').connect(53, '127.0.0.1'); s.on('error', ({ code }) => console.log(code, Object.keys(process.env).join()))";
    expect(run("-e", script).stdout).to.match(/^E(NETUNREACH|ADDRNOTAVAIL) PATH\n$/);
  });

  const formats = ["tree", "markdown", "html", "mermaid"];
  const command = (name: string, stacks: string[], format: string) =>
    run("--import", "tsx", "planner/cli/main.ts", name, ...stacks, "--format", format, "--cwd", testProject());

  /** Answers the same twice, and with the expected exit code. */
  function isReproducible(name: string, stacks: string[], format: string, status: number): void {
    const first = command(name, stacks, format);
    expect(first.status, first.stderr).to.equal(status);
    expect(first.stdout).to.have.length.above(100);
    expect(command(name, stacks, format)).to.deep.equal(first);
  }

  for (const stack of ["local", ...tierNames])
    it(`plan ${stack} is the same to the byte, run for run`, () => isReproducible("plan", [stack], "json", 0));

  // The stack files lack the settings that keep what these two leave behind.
  const refused = ["startup growth", "startup mvp"];
  for (const move of moves)
    it(`diff ${move.join(" ")} is the same to the byte, run for run`, () =>
      isReproducible("diff", move, "json", refused.includes(move.join(" ")) ? 1 : 0));

  for (const format of formats)
    it(`so are both as ${format}`, () => {
      isReproducible("plan", ["scale"], format, 0);
      isReproducible("diff", ["mvp", "startup"], format, 0);
    });
});
