import { setImmediate as turn } from "node:timers/promises";
import { expect } from "chai";
import { always } from "../../../ops/drills/always";
import { captured } from "../../support/captured";
import { send, withoutExit } from "./interrupted";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Work that goes on until a test ends it. */
function endless() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end };
}

describe("what is put back after a drill", () => {
  const listeners = () => signals.map((signal) => process.listenerCount(signal));
  const before = listeners();

  afterEach(() => expect(listeners()).to.deep.equal(before));

  it("is put back once, where the drill ends and where it fails", async () => {
    const done: string[] = [];
    const putBack = async () => done.push("back");
    expect(await always(async () => "done", putBack)).to.equal("done");
    let thrown = "";
    await always(() => Promise.reject(new Error("failed")), putBack).catch(({ message }) => {
      thrown = message;
    });
    expect([thrown, done]).to.deep.equal(["failed", ["back", "back"]]);
  });

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)
    it(`is put back before the process ends by ${signal}, once, whatever comes meanwhile`, async () => {
      const { work, end } = endless();
      const slow = endless();
      const done: string[] = [];
      const codes = await withoutExit(async (exited) => {
        const running = always(work, async () => {
          done.push("begins");
          await slow.work();
          done.push("ends");
        });
        send(signal);
        for (const again of [signal, ...signals]) {
          await turn();
          // Without a handler, it would end the process.
          expect(send(again)).to.equal(true);
        }
        await turn();
        // The work may fail for what is put back: the process waits all the same.
        end();
        await turn();
        expect(done).to.deep.equal(["begins"]);
        slow.end();
        await exited;
        expect(done).to.deep.equal(["begins", "ends"]);
        await running;
      });
      expect([codes, done]).to.deep.equal([[code], ["begins", "ends"]]);
    });

  it("is put back from the inside to the outside, all before the process ends, even where one fails", async () => {
    const { work, end } = endless();
    const done: string[] = [];
    let running: Promise<unknown> = Promise.resolve();
    const { stderr } = await captured(async () => {
      const codes = await withoutExit(async (exited) => {
        const inner = () => always(work, () => Promise.reject(new Error("the node is away")));
        running = always(inner, async () => {
          await turn();
          done.push("outer");
        }).catch(({ message }) => done.push(message));
        send("SIGHUP");
        await exited;
        done.push("exit");
        end();
        await running;
      });
      expect(codes).to.deep.equal([129]);
      return 0;
    });
    expect(stderr).to.equal("interrupted, and not all is put back: the node is away\n");
    expect(done).to.deep.equal(["outer", "exit", "the node is away"]);
  });

  it("is waited for where the signal comes while it is put back", async () => {
    const slow = endless();
    const done: string[] = [];
    const codes = await withoutExit(async (exited) => {
      const running = always(
        async () => undefined,
        async () => {
          done.push("begins");
          await slow.work();
          done.push("ends");
        },
      );
      await turn();
      send("SIGTERM");
      await turn();
      slow.end();
      await exited;
      await running;
    });
    expect([codes, done]).to.deep.equal([[143], ["begins", "ends"]]);
  });
});
