import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { tiers } from "../../tiers";

const root = join(__dirname, "..", "..");

/** The names of all sizes, at any depth. */
function namesOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesOf(inner)]);
}

/** The sources of what is deployed, and of what is computed from the sizes for it. */
const sources = ["components", "platform"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(join(root, folder, file), "utf8")),
  )
  .concat(["connections", "capacity"].map((file) => readFileSync(join(root, "tiers", `${file}.ts`), "utf8")))
  .join("\n");

/** Whether a source reads a property: as `.name`, or by taking an object apart. */
const isRead = (name: string) => new RegExp(`\\.${name}\\b|[{,]\\s*${name}\\s*[,:}=][^"]`).test(sources);

/** Sizes that only the plan, the tables and the costs read. */
const told = [
  "budgetUsd",
  "from",
  "to",
  "accepted",
  "upToUsd",
  "reason",
  "load",
  "requestsPerMinute",
  "queriesPerSecond",
  "concurrentUsers",
  "nodes",
];

describe("sizes of a tier", () => {
  it("are each read by a component or a target, or told in the plan", () => {
    const names = new Set(Object.values(tiers).flatMap(namesOf));
    expect(names.size).to.be.greaterThan(40);
    expect([...names].filter((name) => !isRead(name) && !told.includes(name))).to.deep.equal([]);
  });
});
