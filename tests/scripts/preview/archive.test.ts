import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { BadArchive, fileIn } from "../../../scripts/preview/archive";
import { zipOf } from "../../support/zip";

const read = (zip: Buffer) => fileIn(zip, "preview.md");
const text = "# Page\n\nwith ümlauts\n";

describe("archive of a preview", () => {
  it("gives the text of its file, packed or stored", () => {
    for (const method of [0, 8])
      expect(read(zipOf([{ name: "preview.md", data: Buffer.from(text), method }]))).to.equal(text);
  });

  it("is read as another program writes it", function () {
    const folder = mkdtempSync(join(tmpdir(), "tierstack-zip-"));
    try {
      writeFileSync(join(folder, "preview.md"), text);
      execFileSync("python3", ["-m", "zipfile", "-c", "a.zip", "preview.md"], { cwd: folder, stdio: "pipe" });
      expect(read(readFileSync(join(folder, "a.zip")))).to.equal(text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      this.skip();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const page = { name: "preview.md", data: Buffer.from(text) };
  const refused: [what: string, zip: Buffer, message: string][] = [
    ["no archive", Buffer.from("<html>"), "it is no zip archive"],
    ["an empty answer", Buffer.alloc(0), "it is no zip archive"],
    ["two files", zipOf([page, { name: "x", data: Buffer.from("x") }]), "it has not exactly one file"],
    ["a file elsewhere", zipOf([{ ...page, name: "../../preview.md" }]), "it has another file"],
    [
      "a file that unpacks to more than it says",
      zipOf([{ name: "preview.md", data: Buffer.alloc(50_000_000), size: 10 }]),
      "its file is damaged or too large",
    ],
    [
      "a stored file that is too large",
      zipOf([{ name: "preview.md", data: Buffer.alloc(300_000), method: 0 }]),
      "its file is too large",
    ],
    ["an unknown method", zipOf([{ ...page, method: 12 }]), "it is packed in an unknown way"],
    ["text that is not UTF-8", zipOf([{ ...page, data: Buffer.from([0xff, 0xfe]) }]), "its file is not UTF-8"],
  ];
  for (const [what, zip, message] of refused)
    it(`refuses ${what}`, () => expect(() => read(zip)).to.throw(BadArchive, message));

  it("refuses any archive that is cut or altered, and never fails otherwise", () => {
    const whole = zipOf([page]);
    for (let at = 0; at < whole.length; at++) {
      expect(() => read(whole.subarray(0, at)), `cut at ${at}`).to.throw(BadArchive);
      const altered = Buffer.from(whole);
      altered[at] = (altered[at] as number) ^ 0xff;
      try {
        read(altered);
      } catch (error) {
        expect(error, `altered at ${at}`).to.be.instanceOf(BadArchive);
      }
    }
  });
});
