/** Draws docs/images/plan-growth.svg: the first lines of `npm run plan -- growth` in a terminal. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nodesOf } from "../planner/cli/plan";
import { type Planned, planStack, RefusedPlan } from "../planner/plan";
import { guardSdk } from "../planner/record/sdk/classes";
import { readProject, readStack } from "../planner/stacks";
import { defaultWidth, type Screen } from "../planner/views/text";
import { treeView } from "../planner/views/tree";
import type { Program } from "../platform/program";

const root = join(__dirname, "..");
const stack = "growth";

/** Path of the image in the repository. */
export const planImageFile = `docs/images/plan-${stack}.svg`;

/** Lines of the plan in the image. */
const shownLines = 39;

/** Size of a character cell, in pixels. */
const cell = { width: 8, height: 19 };
const margin = 20;
const titleBar = 36;

const text = "#c9d1d9";
const styles: Record<string, string> = {
  bold: 'fill="#f0f6fc" font-weight="700"',
  dim: 'fill="#8b949e"',
  yellow: 'fill="#e3b341" font-weight="700"',
};

/** Delimiters around a style and its text: private-use characters, which never occur in a plan. */
const marks = { style: "\uE000", text: "\uE001", end: "\uE002" };
const mark = (style: string, content: string) => `${marks.style}${style}${marks.text}${content}${marks.end}`;

interface Run {
  style: string | undefined;
  content: string;
}

/** Splits a line into runs of one style each. */
function runsOf(line: string): Run[] {
  const pattern = new RegExp(`${marks.style}(.*?)${marks.text}(.*?)${marks.end}|([^${marks.style}]+)`, "g");
  return [...line.matchAll(pattern)].map(([, style, styled, plain]) => ({ style, content: styled ?? plain ?? "" }));
}

const escaped = (content: string) => content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** SVG paths of the box-drawing characters, from a cell's top left. As text they would leave gaps between lines. */
const half = { x: cell.width / 2, y: Math.floor(cell.height / 2) + 0.5 };
const strokes: Record<string, string> = {
  "│": `m${half.x} 0v${cell.height}`,
  "├": `m${half.x} 0v${cell.height}m0 ${half.y - cell.height}h${half.x}`,
  "└": `m${half.x} 0v${half.y}h${half.x}`,
  "─": `m0 ${half.y}h${cell.width}`,
};

/** Returns the SVG elements of a line. Each run has its own x and width, so that columns align in any font. */
function lineElements(line: string, row: number): { texts: string[]; path: string } {
  const top = titleBar + row * cell.height;
  const texts: string[] = [];
  let path = "";
  let column = 0;
  for (const { style, content } of runsOf(line)) {
    const at = (offset: number) => margin + (column + offset) * cell.width;
    const words = content.replace(/[│├└─]/g, (character, offset: number) => {
      path += `M${at(offset)} ${top}${strokes[character]}`;
      return " ";
    });
    // SVG collapses spaces, so text after two spaces gets its own element.
    for (const { 0: shown, index } of words.matchAll(/\S+(?: \S+)*/g))
      texts.push(
        `<text x="${at(index)}" y="${top + 14}" textLength="${shown.length * cell.width}"` +
          `${style ? ` ${styles[style]}` : ""}>${escaped(shown)}</text>`,
      );
    column += content.length;
  }
  return { texts, path };
}

const lengthOf = (line: string) => runsOf(line).reduce((sum, { content }) => sum + content.length, 0);

function card(lines: string[], title: string): string {
  const width = Math.max(...lines.map(lengthOf)) * cell.width + 2 * margin;
  const height = titleBar + lines.length * cell.height + margin;
  const rows = lines.map(lineElements);
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
    (fill, at) => `<circle cx="${margin + 6 + 20 * at}" cy="18" r="6" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="#0d1117" stroke="#30363d"/>
${dots.join("\n")}
<path d="${rows.map(({ path }) => path).join("")}" fill="none" stroke="#6e7681"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="${text}">
${rows.flatMap(({ texts }) => texts).join("\n")}
</g>
</svg>
`;
}

const screen: Screen = { paint: (style, content) => mark(String(style), content), width: defaultWidth };

/** Returns the SVG image of a plan. */
function planImageOf({ plan, inputs }: Planned): string {
  const lines = treeView(plan, screen, nodesOf(inputs)).trimEnd().split("\n");
  const prompt = `${mark("dim", "$")} npm run plan -- ${plan.stack}`;
  const more = mark("dim", `… and ${lines.length - shownLines} more lines`);
  return card([prompt, "", ...lines.slice(0, shownLines), more], `npm run plan -- ${plan.stack}`);
}

export async function planImage(): Promise<string> {
  // Must run before the program loads the SDKs: `generate` builds the catalogue of their types in the same process.
  guardSdk();
  const project = readProject(root);
  const program = require("../index") as Program;
  try {
    return planImageOf(await planStack(project, readStack(project, stack), program));
  } catch (error) {
    const file = join(root, planImageFile);
    // The plan uses a type that this run adds to the catalogue. The next run draws the image.
    if (error instanceof RefusedPlan && existsSync(file)) return readFileSync(file, "utf8");
    throw error;
  }
}
