/**
 * `npm run screenshot` writes the pictures of docs/report.md. `npm run generate` does not: another version of Chromium or
 * of the fonts draws other pixels.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { runCommand } from "../planner/cli/run";
import { chromiumOptions, chromiumProgram } from "./chromium";

const root = join(__dirname, "..");

/** Each picture with the command whose report it shows, and the part of it: sizes in pixels. */
const pictures = [
  { file: "report-growth.png", command: ["plan", "growth"], width: 1280, height: 1130 },
  { file: "report-diff.png", command: ["diff", "growth", "scale"], width: 1280, height: 1130 },
  { file: "report-phone.png", command: ["plan", "growth"], width: 390, height: 1130 },
];

async function main(): Promise<void> {
  if (!chromiumProgram) {
    process.stderr.write("npm run screenshot: given no Chromium; fix: install Debian's package chromium\n");
    process.exitCode = 2;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "tierstack-screenshot-"));
  const browser = await chromium.launch(chromiumOptions);
  try {
    for (const { file, command, width, height } of pictures) {
      const report = join(folder, "report.html");
      const code = await runCommand([...command, "--out", report], root);
      if (code !== 0) throw new Error(`${command.join(" ")} exits with ${code}`);
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: "light" });
      await page.goto(pathToFileURL(report).href);
      await page.screenshot({ path: join(root, "docs", "images", file) });
      await page.close();
      process.stdout.write(`written: docs/images/${file}\n`);
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

main();
