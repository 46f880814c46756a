import { expect } from "chai";
import { isDue, partitionNamed, partitionOf } from "../../../workload/events/partitions";

const iso = (date: Date | undefined) => date?.toISOString();

describe("partitions of events", () => {
  it("are a month in UTC each, one after the other", () => {
    const december = partitionOf(new Date("2026-12-31T23:59:59.999Z"));
    expect([december.name, iso(december.from), iso(december.to)]).to.deep.equal([
      "events_2026_12",
      "2026-12-01T00:00:00.000Z",
      "2027-01-01T00:00:00.000Z",
    ]);
    const next = partitionOf(new Date("2026-12-15T00:00:00Z"), 1);
    expect([next.name, iso(next.from)]).to.deep.equal(["events_2027_01", iso(december.to)]);
  });

  it("are known by their names, and nothing else is", () => {
    expect(partitionNamed("events_2026_02")).to.deep.equal(partitionOf(new Date("2026-02-10T00:00:00Z")));
    for (const name of ["events", "events_2026_13", "events_2026_2", "my_events_2026_02", "events_2026_02_old"])
      expect(partitionNamed(name), name).to.equal(undefined);
  });

  it("are due once the whole month is older than the retention", () => {
    const june = partitionOf(new Date("2026-06-01T00:00:00Z"));
    const due = (now: string, months: number) => isDue(june, new Date(now), months);
    expect([due("2026-07-31T23:59:59Z", 1), due("2026-08-01T00:00:00Z", 1)]).to.deep.equal([false, true]);
    expect([due("2027-06-30T00:00:00Z", 12), due("2027-07-01T00:00:00Z", 12)]).to.deep.equal([false, true]);
  });
});
