import { expect } from "chai";
import { comparison, differences, type Survey } from "../../../../ops/drills/restore/survey";

type Rows = [rows: number, old: number, sum: string];

const survey = (tables: Record<string, Rows>, given: Partial<Survey> = {}): Survey => ({
  oldest: "700",
  extensions: ["plpgsql 1.0"],
  schema: "a",
  tables: new Map(Object.entries(tables).map(([name, [rows, old, sum]]) => [name, { rows, old, sum }])),
  ...given,
});

describe("the survey of a restored database", () => {
  const before = survey({
    "public.users": [10, 10, "1"],
    "public.jobs": [5, 5, "2"],
    "public.migrations": [3, 3, "3"],
  });

  it("finds nothing in what was changed meanwhile: rows added, taken and changed, tables made and dropped", () => {
    const restored = survey({
      "public.users": [12, 10, "1"],
      "public.jobs": [9, 4, "7"],
      "public.migrations": [3, 3, "3"],
    });
    const after = survey({
      "public.users": [20, 10, "1"],
      "public.jobs": [9, 3, "6"],
      "public.migrations": [3, 3, "3"],
      "public.new": [1, 0, "0"],
    });
    const surveys = { before, restored, after };
    expect(differences(surveys)).to.deep.equal([]);
    expect(comparison(surveys)).to.deep.equal([
      "Restored: 3 tables, 24 rows; extensions plpgsql 1.0.",
      "Migrations: 3 applied (public.migrations).",
      "Compared with the running database: schema, extensions, and the rows from before the restore. 2 of 3 tables kept those rows " +
        "meanwhile: their counts and checksums have to be equal. Of the others, the count has to lie between that of before " +
        "and that of now.",
    ]);
    const dropped = { "public.users": [10, 10, "1"] as Rows, "public.migrations": [3, 3, "3"] as Rows };
    expect(differences({ before, restored: survey(dropped), after: survey(dropped) })).to.deep.equal([]);
    // Dropped in the product after the end of the restored log.
    expect(differences({ before, restored: before, after: survey(dropped) })).to.deep.equal([]);
  });

  const restoredWith = (tables: Record<string, Rows>, given: Partial<Survey> = {}) => {
    const all = { "public.users": [10, 10, "1"] as Rows, "public.jobs": [5, 5, "2"] as Rows, ...tables };
    const restored = survey({ ...all, "public.migrations": [3, 3, "3"] }, given);
    return differences({ before, restored, after: before });
  };

  it("names a table that lacks rows, has other content, or is missing", () => {
    expect(restoredWith({})).to.deep.equal([]);
    expect(restoredWith({ "public.users": [9, 9, "1"] })).to.deep.equal([
      "table public.users has 9 of the rows from before: the product had 10, and has 10",
    ]);
    expect(restoredWith({ "public.users": [11, 11, "1"] })).to.deep.equal([
      "table public.users has 11 of the rows from before: the product had 10, and has 10",
    ]);
    expect(restoredWith({ "public.users": [10, 10, "9"] })).to.deep.equal([
      "table public.users has other content: its checksum differs",
    ]);
    const lost = survey({ "public.users": [10, 10, "1"], "public.migrations": [3, 3, "3"] });
    expect(differences({ before, restored: lost, after: before })).to.deep.equal(["table public.jobs is not restored"]);
  });

  it("names another schema and other extensions, unless the product's changed meanwhile", () => {
    const other = { schema: "b", extensions: ["plpgsql 1.0", "vector 0.8"] };
    expect(restoredWith({}, other)).to.deep.equal([
      "the schema differs",
      "extensions are plpgsql 1.0, vector 0.8, the product has plpgsql 1.0",
    ]);
    const after = { ...before, ...other };
    expect(differences({ before, restored: { ...before, schema: "b" }, after })).to.deep.equal([]);
  });
});
