import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { makeFolder } from "../../planner/folders";

describe("folders", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-folders-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("are created with those above them, and may exist", () => {
    const path = join(folder, "a", "b", "c");
    makeFolder(path);
    makeFolder(path);
    expect(statSync(path).isDirectory()).to.equal(true);
  });

  it("are not created below a file", () => {
    writeFileSync(join(folder, "file"), "kept");
    for (const path of [join(folder, "file"), join(folder, "file", "a", "b")])
      expect(() => makeFolder(path))
        .to.throw()
        .with.property("code", "ENOTDIR");
  });

  it("end below a file system that takes no entries", function () {
    if (!existsSync("/proc/self")) this.skip();
    for (const path of ["/proc/x", "/proc/x/y/z"])
      expect(() => makeFolder(path))
        .to.throw()
        .with.property("code");
  });
});
