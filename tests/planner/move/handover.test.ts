import { expect } from "chai";
import catalogue from "../../../planner/catalogues/handover.json";
import { changesBetween } from "../../../planner/move/changes";
import {
  expectedOf,
  type HandoverFigure,
  handoverOf,
  leftHandoverOf,
  withHandoverRefused,
} from "../../../planner/move/handover";
import type { PlannedResource } from "../../../planner/record/planned";
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

const up = { from: "mvp", to: "startup" } as const;
const down = { from: "startup", to: "mvp" } as const;

describe("handover of a move", () => {
  it("is one that the move starts, with its image and its namespace", () => {
    const found = handoverOf([], [job("a:1")], up, stored);
    expect(found).to.deep.include({ image: "a:1", namespace: "shop-data" });
  });

  const data = planned("tierstack/postgres/cluster/data", "kubernetes:core/v1:PersistentVolumeClaim", {
    spec: { resources: { requests: { storage: "3Gi" } } },
  });

  it("names the volume of the in-cluster Postgres on the way down, and expects no copy of more than fits", () => {
    const large = { low: 1, expected: 5, high: 18 };
    const found = handoverOf([], [job("a:1"), data], down, large);
    expect(found?.room).to.deep.equal({ claim: "3Gi", mostGib: 1.5, assumedGib: 5 });
    expect(found?.expected?.copy).to.match(
      /^the copy of 1\.5 GiB is expected to take \d+ minutes, of 1\.5 GiB at the most /,
    );
    const little = { low: 0.1, expected: 0.5, high: 2 };
    const fitting = handoverOf([], [job("a:1"), data], down, little)?.expected?.copy;
    expect(fitting).to.match(/^the copy of 0\.5 GiB .*, of 1\.5 GiB at the most /);
    expect(handoverOf([], [job("a:1"), { ...data, path: "tierstack/redis/data" }], down, large)).to.not.have.property(
      "room",
    );
  });

  it("has no such volume on the way up, where the old database stays beside the new one", () => {
    const found = handoverOf([], [job("a:1"), data], up, { low: 1, expected: 5, high: 18 });
    expect(found).to.not.have.property("room");
    expect(found?.expected?.copy).to.contain("of 5 GiB").and.to.contain("of 18 GiB");
  });

  it("is none where it is on already, ends, or is another Job", () => {
    expect(handoverOf([job("a:1")], [job("a:2")], up, stored)).to.equal(undefined);
    expect(handoverOf([job("a:1")], [], up, stored)).to.equal(undefined);
    const other = { ...job("a:1"), path: "tierstack/migration/job" };
    expect(handoverOf([], [other], up, stored)).to.equal(undefined);
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
  const stays = { from: "startup", to: "startup" } as const;

  it("is one that is on, and that ends or sees another tier", () => {
    expect(leftHandoverOf([job("a:1")], [], stays)).to.equal("shop-data");
    expect(leftHandoverOf([job("a:1")], [], down)).to.equal("shop-data");
    expect(leftHandoverOf([job("a:1")], [job("a:1")], down)).to.equal("shop-data");
  });

  it("is none where it goes on, begins, or never was", () => {
    expect(leftHandoverOf([job("a:1")], [job("a:2")], stays)).to.equal(undefined);
    expect(leftHandoverOf([], [job("a:1")], up)).to.equal(undefined);
    expect(leftHandoverOf([], [], up)).to.equal(undefined);
  });
});

describe("moves that a handover refuses", () => {
  const pooler = (file: string) =>
    planned("tierstack/postgres/pgbouncer/deployment", "kubernetes:apps/v1:Deployment", {
      spec: {
        template: { spec: { containers: [{ command: ["sh", "-c", `exec pgbouncer /etc/pgbouncer/${file}`] }] } },
      },
    });
  const none = [pooler("pgbouncer.ini")];
  const on = [job("a:1"), ...none];
  const switched = [job("a:1"), pooler("next.ini")];
  /** The handover turned round reads from the other server. */
  const turned = [job("b:1"), ...none];
  const refused = (
    before: PlannedResource[],
    after: PlannedResource[],
    tiers: Parameters<typeof withHandoverRefused>[3],
  ) =>
    withHandoverRefused(changesBetween(before, after), before, after, tiers).flatMap(
      ({ path, action, reason, refusedBy }) => (action === "refused" ? [[path, reason, refusedBy]] : []),
    );
  const because = (reason: string) => [["tierstack/postgres/handover/job", reason, "tierstack"]];

  it("are those that start it switched", () => {
    const reason =
      "handover.switched is true in the move that starts the handover, so PgBouncer would start with a database without " +
      "data; remove it, and set it in the phase switched (docs/handover.md#finish)";
    for (const tiers of [up, down]) expect(refused(none, switched, tiers)).to.deep.equal(because(reason));
    expect(refused([], switched, up)).to.deep.equal(because(reason));
    expect(refused(none, on, up)).to.deep.equal([]);
    const stays = { from: "startup", to: "startup" } as const;
    expect(refused(on, switched, stays)).to.deep.equal([]);
    expect(refused(switched, on, stays)).to.deep.equal([]);
  });

  it("are those that turn it round", () => {
    for (const before of [on, switched])
      expect(refused(before, turned, down)).to.deep.equal(
        because(
          "the handover would turn round, from startup to mvp, while it is on; finish or abort it, and remove handover, " +
            "before another one (docs/handover.md#a-second-handover)",
        ),
      );
    expect(refused(on, turned, { from: "startup", to: "startup" })).to.deep.equal([]);
  });

  it("are those that leave both databases before the switch, and no others", () => {
    expect(refused(on, none, { from: "startup", to: "growth" })).to.deep.equal(
      because(
        "growth does not have both databases of the handover, and the one in use may be left behind; finish or abort it, " +
          "remove handover, and run pulumi up, before the tier changes (docs/handover.md#finish)",
      ),
    );
    expect(refused(switched, none, { from: "startup", to: "growth" })).to.deep.equal([]);
    expect(refused(none, none, { from: "startup", to: "growth" })).to.deep.equal([]);
    for (const before of [on, switched])
      for (const to of ["mvp", "startup"] as const)
        expect(refused(before, none, { from: "startup", to })).to.deep.equal([]);
  });
});
