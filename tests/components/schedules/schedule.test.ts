import { expect } from "chai";
import { cronPattern, reversedRanges } from "../../../components/schedules/schedule";

describe("times of a schedule", () => {
  it("are five fields of cron", () => {
    for (const good of ["15 3 * * *", "*/5 0-6,22 1 jan-MAR mon-FRI".toUpperCase(), "0 0 1,15 * 6"])
      expect(good, good).to.match(cronPattern);
    for (const bad of ["15 3 * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "@daily", "*/0 * * * *", ""])
      expect(bad, bad).not.to.match(cronPattern);
  });

  it("have no range that ends before it begins", () => {
    expect(reversedRanges("0-59 1-2,5 1-31 JAN-DEC SUN-SAT")).to.deep.equal([]);
    expect(reversedRanges("0 10-5 31-1 * FRI-MON")).to.deep.equal(["10-5", "31-1", "FRI-MON"]);
    expect(reversedRanges("0 0 * DEC-JAN *")).to.deep.equal(["DEC-JAN"]);
  });
});
