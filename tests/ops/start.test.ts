import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "chai";
import { endWithOutput } from "../../ops/start";

const root = join(__dirname, "..", "..");

/** Runs a program that writes to its output for ever, and closes that after the first line. Returns the exit code and what it says. */
async function closedAfterALine(work: string) {
  const program = `
    const { setTimeout: wait } = require("node:timers/promises");
    const { ${endWithOutput.name} } = require("./ops/start.ts");
    const { always } = require("./ops/drills/always.ts");
    const writes = async () => {
      for (;;) {
        process.stdout.write("a line\\n");
        await wait(1);
      }
    };
    ${endWithOutput.name}(1);
    ${work}`;
  const child = spawn("node", ["--import", "tsx", "--input-type=commonjs", "-e", program], { cwd: root });
  let stderr = "";
  child.stderr.on("data", (part) => {
    stderr += part;
  });
  await once(child.stdout, "data");
  child.stdout.destroy();
  const [code] = await once(child, "close");
  return { code, stderr };
}

describe("a program whose output is closed", () => {
  it("ends once it has put back what it changed, however often it writes meanwhile, and not with 0", async () => {
    const work = `always(writes, async () => {
      process.stderr.write("begins\\n");
      for (let line = 0; line < 20; line += 1) {
        process.stdout.write("a line\\n");
        await wait(1);
      }
      process.stderr.write("ends\\n");
    });`;
    expect(await closedAfterALine(work)).to.deep.equal({ code: 129, stderr: "begins\nends\n" });
  });

  it("ends at once where nothing is to be put back", async () => {
    expect(await closedAfterALine("writes();")).to.deep.equal({ code: 1, stderr: "" });
  });
});
