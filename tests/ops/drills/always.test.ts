import { expect } from "chai";
import { always } from "../../../ops/drills/always";

describe("what is put back after a drill", () => {
  const listeners = () => process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");

  it("is put back once, where the drill ends and where it fails", async () => {
    const before = listeners();
    const done: string[] = [];
    const putBack = async () => done.push("back");
    expect(await always(async () => "done", putBack)).to.equal("done");
    let thrown = "";
    await always(() => Promise.reject(new Error("failed")), putBack).catch(({ message }) => {
      thrown = message;
    });
    expect([thrown, done]).to.deep.equal(["failed", ["back", "back"]]);
    expect(listeners()).to.equal(before);
  });

  it("is put back where the user interrupts it", async () => {
    const exit = process.exit;
    const done: string[] = [];
    const ended = new Promise<number>((resolve) => {
      process.exit = ((code: number) => resolve(code)) as typeof process.exit;
    });
    try {
      void always(
        () => new Promise(() => undefined),
        async () => done.push("back"),
      );
      process.emit("SIGINT");
      expect([await ended, done]).to.deep.equal([130, ["back"]]);
    } finally {
      process.exit = exit;
      process.removeAllListeners("SIGTERM");
    }
  });
});
