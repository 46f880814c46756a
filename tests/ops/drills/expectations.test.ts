import { expect } from "chai";
import { restorePrediction, restoreRates } from "../../../ops/drills/expectations";
import { measuredDrills } from "../../../scripts/measured-drills";

describe("what drills expect", () => {
  it("is of a restore a third of the measured speed at most, and the time until a file of the log ends", () => {
    const { restore } = measuredDrills();
    expect(restore.databaseBytes / restore.restoreSeconds / restoreRates.databaseBytes).to.be.at.least(3);
    const work = { copiedBytes: 5_000_000, databaseBytes: 30_000_000, files: 20 };
    expect(restorePrediction(work)).to.include({ rtoSeconds: 60 + 4 + 10 + 10, rpoSeconds: 60 + 60 });
    expect(restorePrediction({ copiedBytes: 0, databaseBytes: 1, files: 0 }).rtoSeconds).to.equal(61);
  });
});
