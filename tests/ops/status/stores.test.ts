import { expect } from "chai";
import type { Connections, QueueState, Session } from "../../../contract/operate";
import { connectionFindings, queueFindings, switchFindings } from "../../../ops/status/stores";

const now = 1_000_000;
const session: Session = {
  pid: 1,
  started: "1",
  user: "app",
  application: "",
  address: null,
  state: "idle",
  stateSeconds: 1,
  transactionSeconds: null,
  waits: null,
  blockedBy: [],
  query: "",
};
const held = (sessions: number): Connections => ({ most: 13, reserved: 3, sessions: Array(sessions).fill(session) });
const queue: QueueState = {
  name: "mail",
  waiting: 2,
  delayed: 0,
  active: 0,
  failed: 0,
  paused: false,
  oldestSeconds: 299,
};

describe("what stores say of the product", () => {
  it("names connections from 80 % of those that clients may have, and sessions that hold others up", () => {
    expect(connectionFindings(held(7), now)).to.deep.equal([]);
    expect(connectionFindings(held(8), now)).to.deep.equal([
      { what: "8 of 10 database connections are in use", help: "docs/runbooks/connections-exhausted.md" },
    ]);
    const waits = { ...session, state: "idle in transaction", stateSeconds: 90, transactionSeconds: 100 };
    expect(connectionFindings({ ...held(0), sessions: [waits] }, now)).to.deep.equal([
      {
        what: "session 1: idle in a transaction",
        sinceMs: now - 90_000,
        help: { ops: "connections" },
      },
    ]);
  });

  it("names a queue that is paused, and one whose oldest job waits five minutes", () => {
    expect(queueFindings([queue], now)).to.deep.equal([]);
    expect(queueFindings([{ ...queue, oldestSeconds: 300 }], now)).to.deep.equal([
      {
        what: "queue mail: 2 jobs wait, the oldest of them too long",
        sinceMs: now - 300_000,
        help: "docs/runbooks/overload.md",
      },
    ]);
    expect(queueFindings([{ ...queue, waiting: 0, oldestSeconds: 0, paused: true }], now)).to.deep.equal([
      { what: "queue mail is paused", help: { ops: "queues resume mail" } },
    ]);
  });

  it("names switches that are not as they were", () => {
    const normal = { mode: { value: "normal", otherwise: "normal" }, limits: { value: 1, otherwise: 1 } } as const;
    expect(switchFindings(normal)).to.deep.equal([]);
    expect(
      switchFindings({ mode: { value: "read-only", otherwise: "normal" }, limits: { value: 2, otherwise: 1 } }),
    ).to.deep.equal([
      { what: "the product is in read-only mode", help: { ops: "maintenance off" } },
      { what: "every rate limit is multiplied by 2", help: { ops: "limits off" } },
    ]);
  });
});
