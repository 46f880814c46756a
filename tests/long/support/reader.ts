import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { type Browser, chromium, type Page } from "playwright-core";
import { chromiumOptions, chromiumProgram } from "../../../scripts/chromium";
import type { Skippable } from "./postgres";

const axe = require.resolve("axe-core/axe.min.js");

const overflow = (page: Page) =>
  page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");

async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  const found = (await page.evaluate("axe.run()")) as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** Reads pages in a browser, as a phone and a screen show them. */
export class Reader {
  private constructor(
    readonly browser: Browser,
    readonly folder: string,
  ) {}

  /** Skips the suite, and says so, where there is no browser. */
  static async start(suite: Skippable, what: string): Promise<Reader> {
    if (!chromiumProgram) {
      process.stderr.write(`skipped: ${what} need Debian's chromium\n`);
      return suite.skip();
    }
    return new Reader(await chromium.launch(chromiumOptions), mkdtempSync(join(tmpdir(), "tierstack-report-")));
  }

  async close(): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true });
  }

  /** Opens a page, and collects what it says on the console and what it loads. */
  private async open(html: string, width: number, colorScheme: "light" | "dark") {
    const file = join(this.folder, "page.html");
    writeFileSync(file, html);
    const context = await this.browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (request.url() !== pathToFileURL(file).href) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    return { page, complaints };
  }

  /** Whether a page fits, loads nothing, says nothing on the console, and axe finds nothing serious. */
  async check(html: string): Promise<void> {
    for (const width of [390, 1280])
      for (const scheme of ["light", "dark"] as const) {
        const { page, complaints } = await this.open(html, width, scheme);
        expect(await overflow(page), `overflow at ${width} px`).to.equal(0);
        expect(await violations(page), `${scheme} at ${width} px`).to.deep.equal([]);
        expect(complaints).to.deep.equal([]);
        await page.context().close();
      }
  }

  /** Writes a picture of a whole page. */
  async picture(html: string, width: number, colorScheme: "light" | "dark", path: string): Promise<void> {
    const { page } = await this.open(html, width, colorScheme);
    await page.screenshot({ path, fullPage: true });
    await page.context().close();
  }
}
