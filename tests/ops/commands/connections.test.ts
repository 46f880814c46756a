import { expect } from "chai";
import type { Session } from "../../../contract/operate";
import { connectionLines } from "../../../ops/commands/connections";
import { harmOf } from "../../../ops/status/harm";
import { FakeReach, runOn } from "../world";

const session: Session = {
  pid: 10,
  started: "1.5",
  user: "app",
  application: "",
  address: "10.0.0.1",
  state: "idle",
  stateSeconds: 5000,
  transactionSeconds: null,
  waits: null,
  blockedBy: [],
  query: "COMMIT",
};
const idle = { ...session, state: "idle in transaction" };
const active = { ...session, state: "active", stateSeconds: 1 };
const shown = { screen: { paint: (_: unknown, text: string) => text, width: 100 }, world: { flags: " -s shop" } };

describe("ops connections", () => {
  it("names a session that holds others up, from the bounds on", () => {
    const harms = [
      session,
      { ...idle, stateSeconds: 59 },
      { ...idle, stateSeconds: 60 },
      { ...idle, state: "idle in transaction (aborted)", stateSeconds: 90 },
      { ...active, transactionSeconds: 299 },
      { ...active, transactionSeconds: 300 },
      { ...session, state: null, stateSeconds: null },
    ].map((one) => harmOf(one, [one]));
    expect(harms).to.deep.equal([
      undefined,
      undefined,
      { what: "idle in a transaction", seconds: 60 },
      { what: "idle in a transaction", seconds: 90 },
      undefined,
      { what: "in a transaction", seconds: 300 },
      undefined,
    ]);
  });

  it("names the root of a chain of locks, not those in between", () => {
    const [root, middle, last] = [
      { ...active, pid: 1, transactionSeconds: 20 },
      { ...active, pid: 2, blockedBy: [1] },
      { ...active, pid: 3, blockedBy: [2, 1], transactionSeconds: 400 },
    ];
    const all = [root, middle, last] as Session[];
    expect(all.map((one) => harmOf(one, all))).to.deep.equal([
      { what: "blocks 2 others", seconds: 20 },
      undefined,
      undefined,
    ]);
    expect(connectionLines({ most: 100, reserved: 0, sessions: all }, shown)).to.include(
      "  1  blocks 2 others for 20 s: app 10.0.0.1",
    );
  });

  it("counts connections by holder, without those that are reserved, and says when they are almost used up", () => {
    const sessions = [
      session,
      { ...session, pid: 11 },
      { ...session, pid: 12, user: null, address: null, state: null },
    ];
    const lines = connectionLines({ most: 13, reserved: 3, sessions }, shown);
    expect(lines).to.deep.equal([
      "3 of 10 connections of the primary are in use",
      "",
      "holder              state   connections",
      "app 10.0.0.1        idle    2",
      "another role local  hidden  1",
      "",
      "No session holds others up.",
    ]);
    const full = connectionLines({ most: 6, reserved: 3, sessions }, shown);
    expect(full[0]).to.equal("3 of 3 connections of the primary are in use: almost all");
  });

  it("shows no control characters of a query or a name", () => {
    const evil = { ...idle, application: "\u001b[2J", query: "SELECT '\u202e'\n  FROM x" };
    const text = connectionLines({ most: 100, reserved: 0, sessions: [evil] }, shown).join("\n");
    expect(text).to.contain("\\u001b[2J").and.to.contain("SELECT '\\u202e' FROM x");
    for (const sign of ["\u001b", "\u202e"]) expect(text).not.to.contain(sign);
  });

  it("ends the session that was shown, by its number and the time it was opened", async () => {
    const reach = new FakeReach({ connections: { most: 9, reserved: 0, sessions: [session] }, end: { ended: false } });
    const { code, stdout } = await runOn({ reach }, "connections", "--end", "10");
    expect([code, stdout]).to.deep.equal([0, "10: app 10.0.0.1, idle\n  COMMIT\nthe session 10 had ended by itself\n"]);
    expect(reach.requests).to.deep.equal([{ do: "connections" }, { do: "end", pid: 10, started: "1.5" }]);
  });
});
