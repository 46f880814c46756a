import { expect } from "chai";
import { durationText } from "../../../planner/views/duration";

const step = (path: string, minutes: number) => ({ path: `shop/${path}`, minutes });

describe("duration in the views", () => {
  it("names the two slowest resources in the order of work", () => {
    const path = [step("vpc", 1), step("db", 8), step("subnets", 0.2), step("replica", 9), step("edge", 4)];
    expect(durationText({ minutes: 22.2, longest: null, path })).to.equal("about 22 minutes, by db -> replica");
  });

  it("of a short deployment is less than a minute, and names nothing where nothing takes time", () => {
    expect(durationText({ minutes: 0.9, longest: null, path: [step("db", 0.9)] })).to.equal(
      "less than a minute, by db",
    );
    expect(durationText({ minutes: 1, longest: null, path: [step("db", 1)] })).to.equal("about 1 minute, by db");
    expect(durationText({ minutes: 0, longest: null, path: [] })).to.equal("less than a minute");
  });
});
