import type { PoolCapacity } from "../../tiers/capacity";
import type { Plan, PlannedResource } from "../plan";
import type { LookUp } from "../record/look-ups";
import { detailOf, questionOf, shortType } from "./details";
import { columns, cut, lineWidth, type painter, wrap } from "./text";

type Paint = ReturnType<typeof painter>;

/** What the nodes can allocate and what pods request of it, with every autoscaler at its maximum. */
function nodeLines(nodes: PoolCapacity[], paint: Paint): string[] {
  return nodes.map(({ pool, cpuMillicores: cpu, memoryMiB: memory }) => {
    const fits = cpu.requested <= cpu.allocatable && memory.requested <= memory.allocatable;
    const text =
      `${pool === "node" ? "node" : `${pool} nodes`} at every autoscaler's maximum: ${cpu.requested}m of ` +
      `${cpu.allocatable}m CPU, ${memory.requested} of ${memory.allocatable} MiB requested`;
    return fits ? text : paint("red", `${text}: too much`);
  });
}

function heading(plan: Plan, nodes: PoolCapacity[], paint: Paint): string[] {
  const custom = plan.resources.filter((resource) => resource.custom).length;
  const protectedCount = plan.resources.filter((resource) => resource.options.protect).length;
  const { capacity } = plan;
  return [
    `${paint("bold", plan.stack)}  tier ${plan.tier}, ${custom} resources, ${protectedCount} protected (${paint("yellow", "!")})`,
    `sized for ${capacity.requestsPerMinute} requests/min, ${capacity.queriesPerSecond} queries/s; ` +
      `${capacity.clientConnections} clients on ${capacity.serverConnections} of ` +
      `${capacity.maxConnections} database connections`,
    ...nodeLines(nodes, paint),
    "",
  ];
}

function line(resource: PlannedResource, lead: string, paint: Paint): string {
  const mark = resource.options.protect ? "! " : "";
  const ownName = resource.path.slice(resource.path.lastIndexOf("/") + 1);
  const name = cut(ownName, lineWidth - lead.length - mark.length);
  const left = lead + mark + name;
  const type = resource.custom ? shortType(resource.type) : "";
  const detail = detailOf(resource);
  // Types and sizes start in a column of their own, if the name leaves room.
  const typeAt = left.length + 1 > 44 ? left.length + 2 : 44;
  const padded = `${left}${" ".repeat(Math.max(1, typeAt - left.length))}`;
  const rest = cut(`${type}${detail ? `  ${detail}` : ""}`, Math.max(0, lineWidth - padded.length));
  const shown = resource.custom ? name : paint("bold", name);
  const colouredMark = mark ? paint("yellow", mark) : "";
  const head = paint("dim", lead) + colouredMark + shown;
  return (rest.length > 1 ? head + " ".repeat(padded.length - left.length) + paint("dim", rest) : head).trimEnd();
}

/** Returns the resources of a stack as a tree, with types and sizes. No line exceeds `lineWidth`. */
export function treeView(plan: Plan, paint: Paint, nodes: PoolCapacity[] = []): string {
  const children = new Map<string | null, PlannedResource[]>();
  for (const resource of plan.resources) {
    const siblings = children.get(resource.parent);
    if (siblings) siblings.push(resource);
    else children.set(resource.parent, [resource]);
  }
  const lines = heading(plan, nodes, paint);
  const walk = (parent: string | null, lead: string) => {
    const siblings = children.get(parent) ?? [];
    siblings.forEach((resource, at) => {
      const last = at === siblings.length - 1;
      const branch = parent === null ? "" : last ? "└─ " : "├─ ";
      const below = parent === null ? "" : last ? "   " : "│  ";
      lines.push(line(resource, lead + branch, paint));
      walk(resource.path, lead + below);
    });
  };
  walk(null, "");
  if (plan.lookUps.length > 0) lines.push("", paint("bold", "Looked up"), ...lookedUp(plan.lookUps));
  const notes = (plan.outputs.nextSteps ?? []) as string[];
  if (notes.length > 0) lines.push("", paint("bold", "Note"), ...notes.flatMap((note) => bullet(note)));
  return `${lines.join("\n")}\n`;
}

/** The answer that the program uses: a name if the look-up has one, else the id. */
const answerOf = ({ result }: LookUp) => result.name ?? result.id;

/** A line for each look-up: what was asked, of what, and the answer. */
function lookedUp(lookUps: LookUp[]): string[] {
  const names = lookUps.map(({ token }) => token.slice(token.lastIndexOf(":") + 1));
  const widest = (texts: string[]) => Math.max(...texts.map((text) => text.length));
  // The other columns, the indent and the gaps.
  const besides = widest(names) + widest(lookUps.map(answerOf)) + 3 * "  ".length;
  const rows = lookUps.map((one, at) => [names[at] ?? "", cut(questionOf(one), lineWidth - besides), answerOf(one)]);
  return columns(rows).map((row) => `  ${row}`);
}

const bullet = (text: string): string[] =>
  wrap(text, "    ").map((row, at) => (at === 0 ? `  - ${row.trimStart()}` : row));
