import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SettingsError } from "../../../config/problems";
import { report, screenFor, write } from "../../../planner/cli/output";

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

  it("has no colour in a file, and lines of one width", () => {
    const { paint, width } = screenFor(join(folder, "plan.txt"));
    expect([paint("bold", "growth"), width]).to.deep.equal(["growth", 100]);
  });

  it("is as wide as COLUMNS says, on a terminal or not", () => {
    process.env.COLUMNS = "72";
    try {
      expect(screenFor(undefined).width).to.equal(72);
      expect(screenFor(join(folder, "plan.txt")).width).to.equal(100);
    } finally {
      delete process.env.COLUMNS;
    }
  });

  it("has messages of a line each, wrapped on a terminal only", () => {
    const { write: original, isTTY, columns } = process.stderr;
    let shown = "";
    const told = (terminal: boolean) => {
      shown = "";
      Object.assign(process.stderr, { isTTY: terminal, columns: 50 });
      report(`postgres: ${"word ".repeat(12).trim()}\nredis: x`);
      return shown;
    };
    process.stderr.write = ((text: string) => {
      shown += text;
      return true;
    }) as typeof original;
    try {
      expect(told(false)).to.equal(`postgres: ${"word ".repeat(12).trim()}\nredis: x\n`);
      expect(told(true)).to.equal(`postgres: ${"word ".repeat(8).trim()}\n  ${"word ".repeat(4).trim()}\nredis: x\n`);
    } finally {
      Object.assign(process.stderr, { write: original, isTTY, columns });
    }
  });
});
