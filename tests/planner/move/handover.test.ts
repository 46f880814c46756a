import { expect } from "chai";
import catalogue from "../../../planner/catalogues/handover.json";
import { changesBetween } from "../../../planner/move/changes";
import { expectedOf, type HandoverFigure, handoverOf, leftHandoverOf } from "../../../planner/move/handover";
import { planned } from "../../support/planned";

const stored = { low: 0.2, expected: 1, high: 2.5 };
const figures: HandoverFigure[] = [
  {
    id: "copy.mibPerSecond",
    unit: "MiB a second",
    about: "copy",
    source: "a test",
    values: { low: 2, expected: 8, high: 32 },
  },
  {
    id: "pause.ms",
    unit: "milliseconds",
    about: "pause",
    source: "a test",
    values: { low: 50, expected: 120, high: 900 },
  },
];

const job = (image: string) =>
  planned("tierstack/postgres/handover/job", "kubernetes:batch/v1:Job", {
    metadata: { name: "handover", namespace: "shop-data" },
    spec: { template: { spec: { containers: [{ image }] } } },
  });

describe("expectation of a handover", () => {
  it("is the time of the expected and of the most data, the latter at the lowest speed", () => {
    expect(expectedOf(stored, figures)).to.deep.equal({
      copy: "the copy of 1 GiB is expected to take 2 minutes, of 2.5 GiB at the most 21 minutes",
      pause: "clients are expected to wait 120 ms, at the most 900 ms",
    });
    const little = { low: 0.01, expected: 0.1, high: 0.1 };
    expect(expectedOf(little, figures)?.copy).to.equal(
      "the copy of 0.1 GiB is expected to take less than a minute, of 0.1 GiB at the most less than a minute",
    );
  });

  it("is nothing without a figure, or without a size", () => {
    for (const some of [[], figures.slice(0, 1), figures.slice(1)])
      expect(expectedOf(stored, some)).to.equal(undefined);
    expect(expectedOf({ ...stored, high: Number.NaN }, figures)).to.equal(undefined);
  });
});

describe("handover of a move", () => {
  it("is one that the move starts, with its image and its namespace", () => {
    const found = handoverOf([job("a:1")], changesBetween([], [job("a:1")]), stored);
    expect(found).to.deep.include({ image: "a:1", namespace: "shop-data" });
  });

  it("names the volume of the in-cluster Postgres", () => {
    const data = planned("tierstack/postgres/cluster/data", "kubernetes:core/v1:PersistentVolumeClaim", {
      spec: { resources: { requests: { storage: "3Gi" } } },
    });
    const started = changesBetween([], [job("a:1")]);
    expect(handoverOf([job("a:1"), data], started, stored)?.claim).to.equal("3Gi");
    const others = { ...data, path: "tierstack/redis/data" };
    expect(handoverOf([job("a:1"), others], started, stored)).to.not.have.property("claim");
  });

  it("is none where it is on already, ends, or is another Job", () => {
    expect(handoverOf([job("a:2")], changesBetween([job("a:1")], [job("a:2")]), stored)).to.equal(undefined);
    expect(handoverOf([], changesBetween([job("a:1")], []), stored)).to.equal(undefined);
    const other = { ...job("a:1"), path: "tierstack/migration/job" };
    expect(handoverOf([other], changesBetween([], [other]), stored)).to.equal(undefined);
  });

  it("has figures with a source, in order, if any", () => {
    for (const { id, unit, about, source, values } of catalogue as HandoverFigure[]) {
      expect(
        [unit, about, source].every((text) => text.length > 3),
        id,
      ).to.equal(true);
      expect(values.low > 0 && values.low <= values.expected && values.expected <= values.high, id).to.equal(true);
    }
  });
});

describe("handover that a move leaves", () => {
  it("is one that is on, and that ends or sees another tier", () => {
    expect(leftHandoverOf([job("a:1")], [], false)).to.equal("shop-data");
    expect(leftHandoverOf([job("a:1")], [], true)).to.equal("shop-data");
    expect(leftHandoverOf([job("a:1")], [job("a:1")], true)).to.equal("shop-data");
  });

  it("is none where it goes on, begins, or never was", () => {
    expect(leftHandoverOf([job("a:1")], [job("a:2")], false)).to.equal(undefined);
    expect(leftHandoverOf([], [job("a:1")], true)).to.equal(undefined);
    expect(leftHandoverOf([], [], true)).to.equal(undefined);
  });
});
