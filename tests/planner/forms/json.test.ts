import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readJson } from "../../../planner/forms/json";

describe("a JSON file that a user names", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-json-"));
  });

  after(() => rmSync(folder, { recursive: true }));

  const written = (text: string) => {
    const file = join(folder, "file.json");
    writeFileSync(file, text);
    return file;
  };

  it("is read, whatever value it holds", () => {
    expect(readJson(written('{"a":[1]}'))).to.deep.equal({ content: { a: [1] } });
    expect(readJson(written("null"))).to.deep.equal({ content: null });
  });

  it("is told from one that is no JSON, or that cannot be read", () => {
    for (const text of ["", "{", "a: 1"])
      expect(readJson(written(text))).to.deep.equal({ given: "a file that is not JSON" });
    expect(readJson(join(folder, "none.json"))).to.deep.equal({ given: "a file that cannot be read (ENOENT)" });
    expect(readJson(folder)).to.deep.equal({ given: "a file that cannot be read (EISDIR)" });
  });
});
