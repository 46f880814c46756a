import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SettingsError } from "../../../config/problems";
import { painterFor, write } from "../../../planner/cli/output";

describe("output of a command", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-output-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("goes into a file, whose folders it creates", () => {
    const file = join(folder, "a", "b", "plan.json");
    write("first", file);
    write("second", file);
    expect(readFileSync(file, "utf8")).to.equal("second");
  });

  it("reports a file that cannot be written", () => {
    const inTheWay = join(folder, "file");
    writeFileSync(inTheWay, "kept");
    const given = (file: string, code: string) =>
      `--out: given ${file} (${code}); allowed: a file that can be written; fix: choose another file`;
    expect(() => write("text", folder)).to.throw(SettingsError, given(folder, "EISDIR"));
    const below = join(inTheWay, "plan.json");
    expect(() => write("text", below)).to.throw(
      SettingsError,
      new RegExp(`^--out: given ${below} \\(E(EXIST|NOTDIR)\\)`),
    );
    expect(readFileSync(inTheWay, "utf8")).to.equal("kept");
  });

  it("has no colour in a file", () => {
    expect(painterFor(join(folder, "plan.txt"))("bold", "growth")).to.equal("growth");
  });
});
