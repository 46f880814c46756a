import { expect } from "chai";
import * as fc from "fast-check";
import {
  backoffMs,
  budget,
  convergeSteps,
  hasSwitched,
  isDone,
  maxAttempts,
  objection,
  otherSide,
  type Phase,
  phaseAfterSwitch,
  recovery,
  type SideName,
  type State,
  sides,
  switchSteps,
  unrest,
} from "../../handover/decide";
import { sentence } from "../../handover/refusal";

/** Servers and PgBouncers, as far as the steps of a switch change them. */
class World {
  ledger: State = { phase: "ready", active: "source", switching: null };
  login: Record<SideName, boolean> = { source: true, target: false };
  pods: { file: SideName; paused: boolean }[] = [
    { file: "source", paused: false },
    { file: "source", paused: false },
  ];
  /** Steps until the engine is killed. */
  private left = 0;

  /** Carries out one effect, and looks at the world after it. False once the engine is dead. */
  private do(effect: () => void): boolean {
    if (this.left-- <= 0) return false;
    effect();
    this.check();
    return true;
  }

  private check(): void {
    expect(this.login.source && this.login.target, "both sides writable").to.equal(false);
    for (const { file, paused } of this.pods) {
      if (!paused && this.login[file])
        expect(file, "a client writes on the side not in use").to.equal(this.ledger.active);
    }
  }

  private repoint = () => {
    this.pods = this.pods.map(() => ({ file: this.ledger.active, paused: false }));
  };

  private recover(): boolean {
    const found = recovery(this.ledger);
    const act = {
      "fence-inactive": () => {
        this.login[otherSide(this.ledger.active)] = false;
      },
      "unfence-active": () => {
        this.login[this.ledger.active] = true;
      },
      "pods-to-active": this.repoint,
    };
    if (found === "none" && !hasSwitched(this.ledger.phase)) return true;
    return (
      convergeSteps.every((step) => this.do(act[step])) &&
      this.do(() => {
        this.ledger = { ...this.ledger, switching: null };
      })
    );
  }

  /** A start of the engine that is asked to move, and killed after some of its steps. */
  run(goal: SideName, killedAfter: number): void {
    this.left = killedAfter;
    if (!this.recover() || isDone(goal === "target" ? "switch" : "back", this.ledger) || this.ledger.active === goal)
      return;
    const from = otherSide(goal);
    const effects: Partial<Record<(typeof switchSteps)[number], () => void>> = {
      intent: () => {
        this.ledger = { ...this.ledger, switching: goal };
      },
      pause: () => {
        for (const pod of this.pods) pod.paused = true;
      },
      fence: () => {
        this.login[from] = false;
      },
      decide: () => {
        this.ledger = { ...this.ledger, active: goal, phase: phaseAfterSwitch(goal) };
      },
      unfence: () => {
        this.login[goal] = true;
      },
      resume: this.repoint,
    };
    for (const step of switchSteps) if (!this.do(effects[step] ?? (() => {}))) return;
    this.do(() => {
      this.ledger = { ...this.ledger, switching: null };
    });
  }

  /** A PgBouncer starts with its first file, and lets clients go on. */
  restart(pod: number): void {
    this.pods[pod] = { file: "source", paused: false };
    this.check();
  }
}

describe("the decisions of a handover", () => {
  const runs = fc.record({
    goal: fc.constantFrom(...sides),
    killedAfter: fc.nat(20),
    restarts: fc.constantFrom(undefined, 0, 1),
  });

  it("never has both sides writable, whenever the engine is killed and PgBouncers restart", () => {
    fc.assert(
      fc.property(fc.array(runs, { maxLength: 12 }), (all) => {
        const world = new World();
        for (const { goal, killedAfter, restarts } of all) {
          world.run(goal, killedAfter);
          if (restarts !== undefined) world.restart(restarts);
        }
        // A last start that is not killed, and asks for what is.
        world.run(world.ledger.active, 100);
        const { active, switching } = world.ledger;
        expect(switching).to.equal(null);
        expect(world.login).to.deep.equal({ source: active === "source", target: active === "target" });
        if (hasSwitched(world.ledger.phase))
          expect(world.pods).to.deep.equal(world.pods.map(() => ({ file: active, paused: false })));
      }),
      { numRuns: 500 },
    );
  });

  it("takes back before the point of no return, and completes after it", () => {
    const state = (active: SideName, switching: SideName | null): State => ({ phase: "ready", active, switching });
    expect(recovery(state("source", null))).to.equal("none");
    expect(recovery(state("source", "target"))).to.equal("take-back");
    expect(recovery(state("target", "target"))).to.equal("complete");
    expect(recovery(state("target", "source"))).to.equal("take-back");
  });

  it("says where a request has no place, and what to do", () => {
    const state = (phase: Phase, active: SideName = "source"): State => ({ phase, active, switching: null });
    const text = (...args: Parameters<typeof objection>) => {
      const refused = objection(...args);
      return refused && sentence(refused);
    };
    expect(text("switch", state("copying"))).to.equal(
      "switch: given a handover in the phase copying, clients on the source; allowed: the phase ready or later; " +
        "fix: wait until status says ready",
    );
    expect(text("abort", state("switched", "target"))).to.contain("allowed: before the first switch; fix: finish it;");
    expect(text("finish", state("ready"))).to.contain("fix: switch first, or end the handover with abort");
    expect(text("back", state("ready"))).to.contain("fix: nothing to do");
    expect(text("switch", state("finished", "target"))).to.contain("fix: start a new one with run");
    for (const [request, phase] of [
      ["switch", "ready"],
      ["switch", "back"],
      ["back", "switched"],
      ["abort", "copying"],
      ["finish", "back"],
    ] as const)
      expect(text(request, state(phase)), `${request} in ${phase}`).to.equal(undefined);
    expect(isDone("switch", state("switched", "target"))).to.equal(true);
    expect(isDone("back", state("ready"))).to.equal(false);
    expect(isDone("abort", state("aborted"))).to.equal(true);
    expect(isDone("finish", state("finished"))).to.equal(true);
    expect(isDone("finish", state("aborted"))).to.equal(false);
  });

  it("does not make clients wait for what would take too long", () => {
    const calm = { oldestTransactionMs: 400, busySessions: 0, arrivalMs: 400 };
    expect(unrest(calm, 1000)).to.equal(undefined);
    expect(unrest({ ...calm, oldestTransactionMs: 401 }, 1000)).to.equal("a transaction of 401 ms (at most 400 ms)");
    expect(unrest({ ...calm, arrivalMs: 401 }, 1000)).to.equal("rows take 401 ms to the other side (at most 400 ms)");
    expect(unrest({ ...calm, busySessions: 1 }, 1000)).to.equal("1 client(s) of the session pool in a transaction");
  });

  it("decides within four fifths of the longest wait, and tries again later each time", () => {
    expect(budget(1000)).to.deep.equal({ pauseMs: 500, decideMs: 800, quietMs: 400 });
    const waits = Array.from({ length: maxAttempts }, (_, at) => backoffMs(at + 1));
    expect(waits).to.deep.equal([1000, 2000, 4000, 8000, ...Array(8).fill(15_000)]);
  });
});
