import type { Plan, PlannedResource } from "../plan";
import type { LookUp } from "../record/look-ups";
import { detailOf, questionOf, shortType } from "./details";
import { columns, cut, lineWidth, type painter, wrap } from "./text";

type Paint = ReturnType<typeof painter>;

function heading(plan: Plan, paint: Paint): string[] {
  const custom = plan.resources.filter((resource) => resource.custom).length;
  const held = plan.resources.filter((resource) => resource.options.protect).length;
  const { capacity } = plan;
  return [
    `${paint("bold", plan.stack)}  tier ${plan.tier}, ${custom} resources, ${held} protected (${paint("yellow", "!")})`,
    `sized for ${capacity.requestsPerMinute} requests/min, ${capacity.queriesPerSecond} queries/s; ` +
      `${capacity.clientConnections} clients on ${capacity.serverConnections} of ` +
      `${capacity.maxConnections} database connections`,
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
  // Names left, types and sizes in columns of their own, as far as the line goes.
  const typeAt = left.length + 1 > 44 ? left.length + 2 : 44;
  const padded = `${left}${" ".repeat(Math.max(1, typeAt - left.length))}`;
  const rest = cut(`${type}${detail ? `  ${detail}` : ""}`, Math.max(0, lineWidth - padded.length));
  const shown = resource.custom ? name : paint("bold", name);
  const colouredMark = mark ? paint("yellow", mark) : "";
  const head = paint("dim", lead) + colouredMark + shown;
  return (rest.length > 1 ? head + " ".repeat(padded.length - left.length) + paint("dim", rest) : head).trimEnd();
}

/** The resources of a stack as a tree, each with its type and sizes, in lines of at most 100 columns. */
export function treeView(plan: Plan, paint: Paint): string {
  const children = new Map<string | null, PlannedResource[]>();
  for (const resource of plan.resources) {
    const siblings = children.get(resource.parent);
    if (siblings) siblings.push(resource);
    else children.set(resource.parent, [resource]);
  }
  const lines = heading(plan, paint);
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

/** A line for each look-up: what was asked, of what, and the id that answered. */
function lookedUp(lookUps: LookUp[]): string[] {
  const names = lookUps.map(({ token }) => token.slice(token.lastIndexOf(":") + 1));
  const widest = (texts: string[]) => Math.max(...texts.map((text) => text.length));
  // The other columns, the indent and the gaps.
  const besides = widest(names) + widest(lookUps.map(({ result }) => result.id)) + 3 * "  ".length;
  const rows = lookUps.map((one, at) => [names[at] ?? "", cut(questionOf(one), lineWidth - besides), one.result.id]);
  return columns(rows).map((row) => `  ${row}`);
}

const bullet = (text: string): string[] =>
  wrap(text, "    ").map((row, at) => (at === 0 ? `  - ${row.trimStart()}` : row));
