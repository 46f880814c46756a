import { expect } from "chai";
import type { MoveLoad } from "../../../planner/move/change";
import { loadText } from "../../../planner/views/changed";

const move = { from: "a", to: "b", changes: [], phases: [] };

describe("the load of a move", () => {
  const textOf = (load?: MoveLoad) => loadText({ ...move, ...(load && { load }) });

  it("stands beside that before it, where both have the same coefficients", () => {
    const load = { requestsPerMinuteAfter: 20, measured: false };
    expect(textOf({ ...load, requestsPerMinuteBefore: 10 })).to.deep.equal([
      "Load: 10 -> 20 requests a minute, not measured.",
    ]);
    expect(textOf(load)).to.deep.equal(["Load: 20 requests a minute after the move, not measured."]);
  });

  it("is from a load test where it is measured, and left out where it is unknown", () => {
    const load = { requestsPerMinuteBefore: 10, requestsPerMinuteAfter: 20, measured: true };
    expect(textOf(load)).to.deep.equal(["Load: 10 -> 20 requests a minute, in part from a load test."]);
    expect(textOf()).to.deep.equal([]);
  });
});
