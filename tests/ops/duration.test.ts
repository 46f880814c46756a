import { expect } from "chai";
import { lasting, moment, secondsOf, spelled } from "../../ops/duration";

describe("durations", () => {
  it("are written with one unit", () => {
    expect(["90s", "30m", "30min", "2h", "1d"].map(secondsOf)).to.deep.equal([90, 1800, 1800, 7200, 86_400]);
    expect(["", "2", "h", "0h", "-1h", "1.5h", "2h30m", "2 h", "9999999s"].map(secondsOf)).to.deep.equal(
      Array(9).fill(undefined),
    );
  });

  it("are spelled in their two largest units", () => {
    expect([0, 45, 60, 90, 3600, 3660, 3601, 86_400, 93_784, -5].map(spelled)).to.deep.equal([
      "0 s",
      "45 s",
      "1 min",
      "1 min 30 s",
      "1 h",
      "1 h 1 min",
      "1 h",
      "1 d",
      "1 d 2 h",
      "0 s",
    ]);
  });

  it("stand behind what lasts, where something says how long", () => {
    expect([7200, 0, null, undefined].map(lasting)).to.deep.equal([" for 2 h", " for 0 s", "", ""]);
  });

  it("end at a moment, to the minute", () => {
    expect(moment(Date.UTC(2026, 10, 29, 18, 30, 59))).to.equal("2026-11-29 18:30 UTC");
  });
});
