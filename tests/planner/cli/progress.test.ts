import { expect } from "chai";
import { Progress } from "../../../planner/cli/progress";

/** A stream that keeps what is written to it. */
const stream = (isTTY: boolean, columns = 80) => {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { isTTY, columns, written, write: write as NodeJS.WriteStream["write"] };
};
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("progress", () => {
  it("shows what is done now, and wipes it", async () => {
    const terminal = stream(true);
    const progress = new Progress(terminal, 0);
    progress.step("planning mvp ...");
    await soon();
    progress.step("planning growth ...");
    progress.done();
    expect(terminal.written).to.deep.equal([
      "\r\u001b[Kplanning mvp ...",
      "\r\u001b[Kplanning growth ...",
      "\r\u001b[K",
    ]);
  });

  it("is no longer than a line, which could not be wiped", async () => {
    const terminal = stream(true, 10);
    const progress = new Progress(terminal, 0);
    progress.step("planning growth ...");
    await soon();
    progress.done();
    expect(terminal.written[0]).to.equal("\r\u001b[Kplanning ");
  });

  it("says nothing of work that is quickly done, nor in a file", async () => {
    const [terminal, file] = [stream(true), stream(false)];
    const quick = new Progress(terminal, 60_000);
    quick.step("planning mvp ...");
    quick.done();
    const slow = new Progress(file, 0);
    slow.step("planning mvp ...");
    await soon();
    slow.done();
    expect([...terminal.written, ...file.written]).to.deep.equal([]);
  });
});
