import { expect } from "chai";
import { tables } from "../../../scripts/tables";
import { duration } from "../../../scripts/tables/cache";
import { images, versions } from "../../../versions";

/** Cells of a generated table, by the first cell of their row. */
const rowsOf = (name: keyof typeof tables) =>
  new Map(
    tables[name]?.()
      .split("\n")
      .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")))
      .map(([first = "", ...rest]) => [first, rest]),
  );

describe("table of pins", () => {
  it("abbreviates a checksum", () => {
    const [pin] = rowsOf("pins").get("k3s-arm64 SHA-256") ?? [];
    expect(pin).to.match(/^`[0-9a-f]{6}\.\.\.[0-9a-f]{4}`$/);
    const [start = "", end = ""] = (pin ?? "").replaceAll("`", "").split("...");
    expect(versions.k3sSha256.startsWith(start) && versions.k3sSha256.endsWith(end)).to.equal(true);
  });

  it("shows every other pin in full", () => {
    const { k3sSha256, ...others } = versions;
    const texts = [...Object.values(others), ...Object.values(images).map(({ image }) => image)].flatMap(
      (pin): string[] => (typeof pin === "string" ? [pin] : Object.values(pin)),
    );
    const shown = [...rowsOf("pins").values()].map(([pin]) => pin).join(" ");
    expect(texts.filter((text) => !shown.includes(`\`${text}\``))).to.deep.equal([]);
    expect(texts).to.include(versions.rds.family).and.to.include(images.gateway.image);
  });
});

describe("table of caches", () => {
  it("shows the TTLs and the cache key of each class", () => {
    const rows = rowsOf("cache-classes");
    expect(rows.get("uncached")?.slice(1)).to.deep.equal(["never", "never", ""]);
    const [paths, byDefault, most, key] = rows.get("pages") ?? [];
    expect([paths, byDefault, most]).to.deep.equal(["every other path", "not cached", "5 minutes"]);
    expect(key).to.include("`Authorization`").and.to.include("cookies");
    expect(rows.get("static")).to.deep.equal([
      "`/static/*`, `/assets/*`, `/_next/static/*`",
      "24 hours",
      "365 days",
      "`Host`, query",
    ]);
  });

  it("names a duration by its largest whole unit", () => {
    const seconds = [1, 90, 300, 3600, 5400, 86400, 172800];
    expect(seconds.map(duration)).to.deep.equal([
      "1 second",
      "90 seconds",
      "5 minutes",
      "1 hour",
      "90 minutes",
      "24 hours",
      "2 days",
    ]);
  });
});

describe("table of priorities", () => {
  it("shows each class with its value, and whether it takes places", () => {
    expect(rowsOf("priorities").get("`tierstack-pooler`")).to.deep.equal(["1000", "PgBouncer", "yes"]);
    expect(rowsOf("priorities").get("`tierstack-workers-low`")?.at(-1)).to.equal("no");
  });
});
