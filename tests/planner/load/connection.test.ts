import { expect } from "chai";
import fc from "fast-check";
import { Connection, heldUp } from "../../../planner/load/connection";
import type { Arrival } from "../../../planner/load/recorder";

/** What a connection records of events, each at its time. */
function recorded(...events: [ms: number, event: (connection: Connection) => void][]): Arrival[] {
  let now = 0;
  const all: Arrival[] = [];
  const connection = new Connection(
    10_000,
    () => now,
    (arrival) => all.push(arrival),
  );
  for (const [ms, event] of events) {
    now = ms;
    event(connection);
  }
  return all;
}

const sent = (connection: Connection) => connection.sent();
const answered = (connection: Connection) => connection.answered("ok");
const arrival = (dueMs: number, latencyMs: number, outcome = "ok", wasSent = true) => ({
  dueMs,
  latencyMs,
  outcome,
  sent: wasSent,
});

describe("a connection of a load test", () => {
  it("records each request from when it was due", () => {
    expect(recorded([0, sent], [30, answered], [1000, sent], [1050, answered])).to.deep.equal([
      arrival(0, 30),
      arrival(1000, 50),
    ]);
  });

  it("records what a slow answer kept from being sent, and the next one from when it was due", () => {
    expect(recorded([0, sent], [3400, answered], [3400, sent], [3450, answered], [4000, sent])).to.deep.equal([
      arrival(0, 3400),
      arrival(1000, 2400, "ok", false),
      arrival(2000, 1400, "ok", false),
      arrival(3000, 450),
    ]);
  });

  it("knows a connection that was closed without an answer from one that timed out", () => {
    expect(recorded([0, sent], [1000, sent], [1010, answered])).to.deep.equal([
      arrival(0, 1000, "closed"),
      arrival(1000, 10),
    ]);
    // The client sends the next request before it tells that it gave up.
    const late = recorded([0, sent], [10_000, sent], [10_000, (one) => one.timedOut()], [10_020, answered]);
    expect(late.filter((one) => one.sent)).to.deep.equal([arrival(0, 10_000, "timeout"), arrival(10_000, 20)]);
    expect(late.filter((one) => !one.sent).every(({ outcome }) => outcome === "timeout")).to.equal(true);
  });

  it("records an error of the connection once, and none without a request", () => {
    const failed = (connection: Connection) => connection.failed("ECONNRESET");
    expect(recorded([0, sent], [5, failed], [6, failed])).to.deep.equal([arrival(0, 5, "ECONNRESET")]);
    expect(recorded([0, failed], [1, (one) => one.timedOut()], [2, (one) => one.stopped()])).to.deep.equal([]);
  });

  it("records what has no answer at the end, with all that it kept from being sent", () => {
    expect(recorded([0, sent], [2950, (one) => one.stopped()])).to.deep.equal([
      arrival(0, 2950, "unfinished"),
      arrival(1000, 1950, "unfinished", false),
      arrival(2000, 950, "unfinished", false),
    ]);
  });

  it("holds up a request for each second but the last, which is sent with the answer", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), fc.boolean(), (waited, goesOn) => {
        const missed = heldUp(waited, goesOn);
        expect(missed).to.have.length(Math.max(0, Math.floor(waited / 1000) - (goesOn ? 1 : 0)));
        for (const { afterMs, latencyMs } of missed) expect(afterMs + latencyMs).to.equal(waited);
      }),
    );
  });
});
