import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { marked } from "marked";
import { type Browser, chromium, type Page } from "playwright-core";
import { parse } from "yaml";
import { commentLimit, markdownDiff, markdownView } from "../../planner/views/markdown";
import { loadReport } from "../../planner/views/report/load-test";
import { moveReport, planReport } from "../../planner/views/report/page";
import { chromiumOptions, chromiumProgram } from "../../scripts/chromium";
import { runCli, runCliAt } from "../planner/cli/support";
import { figures, result, steady } from "../planner/load/support/measured";
import { plan, resource } from "../planner/views/support";
import { testProject } from "../support/project";

const stacks = ["local", "mvp", "startup", "growth", "scale"];
const moves = [
  ["mvp", "startup"],
  ["startup", "mvp"],
  ["startup", "growth"],
  ["growth", "startup"],
  ["growth", "scale"],
  ["scale", "growth"],
  ["mvp", "scale"],
];
const reports = [...stacks.map((stack) => ["plan", stack]), ...moves.map((stacksOfMove) => ["diff", ...stacksOfMove])];
const axe = require.resolve("axe-core/axe.min.js");

/** Markdown as a page, with code that wraps as on GitHub. */
function markdownPage(markdown: string): string {
  const style = "body{overflow-wrap:anywhere;background:#fff;color:#000}";
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title><style>${style}</style></head>` +
    `<body><main><h1>Report</h1>${marked.parse(markdown, { async: false })}</main></body></html>`
  );
}

describe("reports in a browser", function () {
  this.timeout(300_000);
  let browser: Browser;
  let folder: string;

  before(async function () {
    if (!chromiumProgram) {
      process.stderr.write("skipped: reports in a browser need Debian's chromium\n");
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "tierstack-report-"));
    browser = await chromium.launch(chromiumOptions);
  });

  after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  /** Opens a page, and collects what it says on the console and what it loads. */
  async function open(html: string, width: number, colorScheme: "light" | "dark") {
    const file = join(folder, "page.html");
    writeFileSync(file, html);
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
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

  async function check(html: string): Promise<void> {
    for (const width of [390, 1280])
      for (const scheme of ["light", "dark"] as const) {
        const { page, complaints } = await open(html, width, scheme);
        expect(await overflow(page), `overflow at ${width} px`).to.equal(0);
        expect(await violations(page), `${scheme} at ${width} px`).to.deep.equal([]);
        expect(complaints).to.deep.equal([]);
        await page.context().close();
      }
  }

  for (const argv of reports) {
    it(`${argv.join(" ")}: fits, loads nothing, and axe finds nothing serious`, async () => {
      await check((await runCli(...argv, "--format", "html")).stdout);
    });

    it(`${argv.join(" ")}: its Markdown is a page without a complaint`, async () => {
      const { stdout } = await runCli(...argv, "--format", "markdown");
      await check(markdownPage(stdout));
    });
  }

  for (const [name, loaded] of [
    ["a staircase", result()],
    ["a rate", steady()],
    ["broken thresholds", steady(figures(90, { p95: 12_345, errors: 0.5, kinds: { 429: 7, timeout: 9 } }))],
  ] as const)
    it(`load test, ${name}: fits, loads nothing, and axe finds nothing serious`, async () => {
      await check(loadReport(loaded));
    });

  it("fits with a hundred queues, whose resources are together by type, and fills no comment", async () => {
    const project = join(folder, "project");
    mkdirSync(project);
    for (const file of ["Pulumi.yaml", "Pulumi.growth.yaml"])
      copyFileSync(join(testProject(), file), join(project, file));
    symlinkSync(join(testProject(), "index.ts"), join(project, "index.ts"));
    const file = join(project, "Pulumi.growth.yaml");
    const { config } = parse(readFileSync(file, "utf8"));
    config["tierstack:queues"] = Array.from({ length: 100 }, (_, at) => ({ name: `queue-${at}` }));
    Object.assign(config, { "tierstack:nodes": { maxNodes: 60 }, "tierstack:budgetUsd": 1000 });
    writeFileSync(file, JSON.stringify({ config }));
    const html = await runCliAt(project, "plan", "growth", "--format", "html");
    expect(html.stderr).to.equal("");
    expect(html.stdout).to.contain("<summary>100 x Deployment</summary>");
    await check(html.stdout);
    const { stdout } = await runCliAt(project, "plan", "growth", "--format", "markdown");
    expect(stdout.length).to.be.below(commentLimit);
    await check(markdownPage(stdout));
  });

  it("shows hostile names as text, and runs nothing of them", async () => {
    const name = `</script></style><img src=x onerror=alert(1)><script>alert(1)</script>"'&\n](javascript:alert(1))`;
    const [root, , net] = plan.resources;
    if (!root || !net) throw new Error("no resources");
    const hostile = { ...resource(`shop/${name}/vpc`, "aws:ec2/vpc:Vpc", { [name]: name }), parent: `shop/${name}` };
    const after = { ...plan, stack: name, resources: [root, { ...net, path: `shop/${name}` }, hostile] };
    const changes = [
      {
        path: hostile.path,
        type: name,
        action: "replace" as const,
        data: true,
        properties: [{ property: name, before: name, after: name.repeat(9), replaces: true }],
        effect: "replacement" as const,
        cause: name,
        note: name,
        downtime: name,
      },
    ];
    const move = { from: name, to: name, changes, phases: [{ title: "Move", commands: [name], check: "it answers" }] };
    for (const html of [planReport(after, []), moveReport(move, plan, after)]) {
      await check(html);
      expect(html.match(/<script/g)).to.have.length(1);
    }
    for (const text of [markdownView(after), markdownDiff(move, { before: [], after: after.resources })])
      await check(markdownPage(text));
  });

  it("opens a component with the keyboard, under the page's own policy", async () => {
    const file = join(folder, "growth.html");
    await runCli("plan", "growth", "--format", "html", "--out", file);
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(pathToFileURL(file).href);
    const box = page.locator("a.box", { hasText: "redis" });
    await box.focus();
    await page.keyboard.press("Enter");
    const target = (await box.getAttribute("href")) as string;
    expect(await page.locator(target).getAttribute("open")).to.equal("");
    expect(await page.evaluate("document.activeElement.textContent")).to.match(/^redis/);
    expect(await box.getAttribute("aria-current")).to.equal("true");
    const needed = page.locator(`${target} a`).first();
    const next = (await needed.getAttribute("href")) as string;
    await needed.focus();
    await page.keyboard.press("Enter");
    expect(await page.locator(next).getAttribute("open")).to.equal("");
    expect(await box.getAttribute("aria-current")).to.equal(null);
    expect(complaints).to.deep.equal([]);
    await page.close();
  });
});
