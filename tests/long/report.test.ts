import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { marked } from "marked";
import { parse } from "yaml";
import { commentLimit, markdownDiff, markdownView } from "../../planner/views/markdown";
import { loadReport } from "../../planner/views/report/load-test";
import { moveReport, planReport } from "../../planner/views/report/page";
import { runCli, runCliAt } from "../planner/cli/support";
import { figures, result, steady } from "../planner/load/support/measured";
import { plan, resource } from "../planner/views/support";
import { testProject } from "../support/project";
import { Reader } from "./support/reader";

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
  let reader: Reader;
  const check = (html: string) => reader.check(html);

  before(async function () {
    reader = await Reader.start(this, "reports in a browser");
  });

  after(() => reader?.close());

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
    const project = join(reader.folder, "project");
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
    const file = join(reader.folder, "growth.html");
    await runCli("plan", "growth", "--format", "html", "--out", file);
    const page = await reader.browser.newPage();
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
