import { exceededOf, type PoolCapacity } from "../../tiers/capacity";
import type { Plan } from "../plan";
import type { LookUp } from "../record/look-ups";
import type { PlannedResource } from "../record/planned";
import { limitText, rangeText, sourceText } from "./capacity";
import { costLines } from "./cost";
import { detailOf, questionOf, shortType } from "./details";
import { durationText } from "./duration";
import { columns, type Screen, wrap } from "./text";

/** What the nodes can allocate and what pods request of it, with every autoscaler at its maximum. */
function nodeLines(nodes: PoolCapacity[], { paint, width }: Screen): string[] {
  return nodes.flatMap((use) => {
    const { pool, cpuMillicores: cpu, memoryMiB: memory } = use;
    const fits = exceededOf(use).length === 0;
    const text =
      `${pool === "node" ? "node" : `${pool} nodes`} at every autoscaler's maximum: ${cpu.requested}m of ` +
      `${cpu.allocatable}m CPU, ${memory.requested} of ${memory.allocatable} MiB requested${fits ? "" : ": too much"}`;
    return wrap(text, width, "", "  ").map((line) => (fits ? line : paint("red", line)));
  });
}

/** What the sizes carry of what the tier must carry, what limits it, and what PgBouncer accepts. */
function loadTexts({ capacity }: Plan): string[] {
  const { required, missed } = capacity;
  const { clientConnections, serverConnections, maxConnections } = capacity;
  const figure = (name: "requestsPerMinute" | "queriesPerSecond" | "concurrentUsers", unit: string) => {
    const of = required[name] === undefined ? "" : ` of ${required[name]}`;
    return `${capacity[name]}${of} ${unit}${missed.includes(name) ? " (too few)" : ""}`;
  };
  const figures = [
    figure("requestsPerMinute", "requests/min"),
    figure("queriesPerSecond", "queries/s"),
    figure("concurrentUsers", "users"),
  ];
  const clients = required.clientConnections === undefined ? "" : ` of ${required.clientConnections}`;
  return [
    `carries ${figures.join(", ")} (${sourceText(capacity)}); ${clientConnections}${clients} clients on ${serverConnections} of ${maxConnections} database connections`,
    rangeText(capacity),
    limitText(capacity),
  ];
}

function heading(plan: Plan, nodes: PoolCapacity[], screen: Screen): string[] {
  const { paint, width } = screen;
  const custom = plan.resources.filter((resource) => resource.custom).length;
  const protectedCount = plan.resources.filter((resource) => resource.options.protect).length;
  const counts = `${plan.stack}  tier ${plan.tier}, ${custom} resources, ${protectedCount} protected (!)`;
  const [first = "", ...more] = wrap(counts, width, "", "  ").map((line) =>
    line.replace("(!)", `(${paint("yellow", "!")})`),
  );
  return [
    first.replace(plan.stack, paint("bold", plan.stack)),
    ...more,
    ...loadTexts(plan).flatMap((text) => wrap(text, width, "", "  ")),
    ...nodeLines(nodes, screen),
    ...wrap(`first deployment: ${durationText(plan.duration)}`, width, "", "  "),
    "",
  ];
}

/**
 * A resource: its name, then type and sizes in a column of their own. What does not fit goes on below.
 * @param lead   branches before the name
 * @param below  branches before the lines that follow
 */
function resourceLines(resource: PlannedResource, lead: string, below: string, { paint, width }: Screen): string[] {
  const mark = resource.options.protect ? "! " : "";
  const ownName = resource.path.slice(resource.path.lastIndexOf("/") + 1);
  const names = wrap(ownName, width - Math.max(lead.length, below.length) - mark.length);
  const shownNames = names.map((name, at) => {
    const shown = resource.custom ? name : paint("bold", name);
    const start = at === 0 ? paint("dim", lead) : paint("dim", below);
    return start + (mark && (at === 0 ? paint("yellow", mark) : " ".repeat(mark.length))) + shown;
  });
  const type = resource.custom ? shortType(resource.type) : "";
  const detail = detailOf(resource);
  const facts = `${type}${detail ? `  ${detail}` : ""}`;
  if (facts.trim() === "") return shownNames;
  const taken = (names.length > 1 ? below : lead).length + mark.length + (names.at(-1)?.length ?? 0);
  const column = Math.min(44, Math.floor(width * 0.44));
  const gap = taken + 1 > column ? 2 : column - taken;
  const last = shownNames.pop() ?? "";
  if (taken + gap + facts.length <= width) return [...shownNames, last + " ".repeat(gap) + paint("dim", facts)];
  const further = wrap(facts.trim(), width, `${below}  `).map((line) => paint("dim", line));
  return [...shownNames, last, ...further];
}

/** Returns the resources of a stack as a tree, with types and sizes, in lines that fit the screen. */
export function treeView(plan: Plan, screen: Screen, nodes: PoolCapacity[] = []): string {
  const { paint, width } = screen;
  const children = new Map<string | null, PlannedResource[]>();
  for (const resource of plan.resources) {
    const siblings = children.get(resource.parent);
    if (siblings) siblings.push(resource);
    else children.set(resource.parent, [resource]);
  }
  const lines = heading(plan, nodes, screen);
  const walk = (parent: string | null, lead: string) => {
    const siblings = children.get(parent) ?? [];
    siblings.forEach((resource, at) => {
      const last = at === siblings.length - 1;
      const branch = parent === null ? "" : last ? "└─ " : "├─ ";
      const below = lead + (parent === null ? "" : last ? "   " : "│  ");
      const further = below + (children.has(resource.path) ? "│  " : "   ");
      lines.push(...resourceLines(resource, lead + branch, further, screen));
      walk(resource.path, below);
    });
  };
  walk(null, "");
  if (plan.lookUps.length > 0) lines.push("", paint("bold", "Looked up"), ...lookedUp(plan.lookUps, width));
  lines.push("", ...costLines(plan.cost, screen));
  const notes = (plan.outputs.nextSteps ?? []) as string[];
  if (notes.length > 0)
    lines.push("", paint("bold", "Note"), ...notes.flatMap((note) => wrap(note, width, "  - ", "    ")));
  return `${lines.join("\n")}\n`;
}

/** The answer that the program uses: a name if the look-up has one, else the id. */
const answerOf = ({ result }: LookUp) => result.name ?? result.id;

/** What was asked, of what, and the answer: a line each, or where that is too wide, the question below. */
function lookedUp(lookUps: LookUp[], width: number): string[] {
  const names = lookUps.map(({ token }) => token.slice(token.lastIndexOf(":") + 1));
  const rows = lookUps.map((one, at) => [`  ${names[at]}`, questionOf(one), answerOf(one)]);
  const lines = columns(rows);
  if (lines.every((line) => line.length <= width)) return lines;
  return rows.flatMap(([name = "", question = "", answer = ""]) => [
    ...wrap(`${name.trim()}  ${answer}`, width, "  ", "    "),
    ...(question === "" ? [] : wrap(question, width, "    ")),
  ]);
}
