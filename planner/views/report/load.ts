/** What load the sizes of a stack carry, and what limits it. */
import type { PoolCapacity } from "../../../tiers/capacity";
import type { Assumption, Capacity, CarriedLoad, Limit } from "../../capacity/types";
import { limitText, loadFigures, sourceText } from "../capacity";
import { belowRoot } from "../text";
import { bar, bars, escaped, fold, list, percent, section, table } from "./html";

/** `61,700` for 61700. */
export const grouped = (figure: number): string => figure.toLocaleString("en-US");

const orNone = (figure: number | undefined) => (figure === undefined ? "-" : grouped(figure));

/** A figure from low to high, with marks at what is expected and at what is required. */
function range(low: number, expected: number, high: number, required: number | undefined): string {
  const length = Math.max(high, required ?? 0);
  const mark = (kind: string, at: number) =>
    `<rect class="${kind}" x="${percent(at / length)}" width="3" height="14"/>`;
  return (
    `<svg aria-hidden="true" height="14" width="100%"><rect class="track" y="2" width="100%" height="10" rx="5"/>` +
    `<rect class="range" x="${percent(low / length)}" width="${percent((high - low) / length)}" y="2" height="10"/>` +
    `${mark("fill", expected)}${required === undefined ? "" : mark("required", required)}</svg>`
  );
}

/** The load in each case of the estimate beside what the tier must carry. Jobs have no figure to reach. */
function loadTable(capacity: Capacity): string {
  const { low, high, required } = capacity;
  const row = (label: string, figure: keyof CarriedLoad, needed?: number) => [
    label,
    ...[low[figure], capacity[figure], high[figure]].map(grouped),
    orNone(needed),
    range(low[figure], capacity[figure], high[figure], needed),
  ];
  const jobs = capacity.high.jobsPerMinute > 0 ? [row("jobs a minute", "jobsPerMinute")] : [];
  const key = (kind: string, text: string) => `<span class="key"><i class="${kind}"></i>${text}</span>`;
  const legend = [key("range", "low to high"), key("fill", "expected"), key("required", "required")].join(" ");
  return table(
    ["low", "expected", "high", "required", legend],
    [...loadFigures.map(([label, figure]) => row(label, figure, required[figure])), ...jobs],
  );
}

/** How far each resource is used when the first one reaches its target. */
const limitBars = ({ bottleneck, limits }: Capacity) =>
  bars(
    limits.map(({ resource, path, requestsPerMinute, raisedBy }: Limit) =>
      bar(
        `${resource} (${belowRoot(path)})`,
        bottleneck.requestsPerMinute / requestsPerMinute,
        `${grouped(requestsPerMinute)}; raised by ${raisedBy.join(", ")}`,
      ),
    ),
  );

function nodeBars(nodes: PoolCapacity[]): string[] {
  return nodes.flatMap(({ pool, cpuMillicores: cpu, memoryMiB: memory }) => {
    const name = pool === "node" ? "node" : `${pool} nodes`;
    const share = ({ requested, allocatable }: typeof cpu) => requested / allocatable;
    return [
      bar(`CPU of ${name}`, share(cpu), `${cpu.requested}m of ${cpu.allocatable}m`),
      bar(`Memory of ${name}`, share(memory), `${memory.requested} of ${memory.allocatable} MiB`),
    ];
  });
}

const assumptionText = ({ name, what, unit, low, expected, high, source }: Assumption) =>
  `<code>${escaped(name)}</code> ${expected} ${escaped(unit)}, from ${low} to ${high}: ${escaped(what)} ` +
  `<span class="soft">(${escaped(source)})</span>`;

/** What the sizes carry against what they must, what limits them, and on what assumptions. */
export function capacitySection(capacity: Capacity, nodes: PoolCapacity[]): string {
  const { clientConnections, serverConnections, maxConnections, redisMemoryMiB, assumptions } = capacity;
  const connections = bar(
    "Database connections",
    serverConnections / maxConnections,
    `${serverConnections} of ${maxConnections}`,
  );
  return section(
    "capacity",
    "Capacity against load",
    `${loadTable(capacity)}\n<p>The estimate is ${escaped(sourceText(capacity))}; ${escaped(limitText(capacity))}.</p>` +
      `<h3 class="group">Requests a minute at which each resource reaches its target</h3>${limitBars(capacity)}` +
      `<h3 class="group">Connections and nodes</h3>` +
      `<p>${grouped(clientConnections)} clients share the database connections; Redis has ${grouped(redisMemoryMiB)} MiB for data. ` +
      `Pods request this of the nodes with every autoscaler at its maximum.</p>${bars([connections, ...nodeBars(nodes)])}` +
      (assumptions.length > 0 ? fold("Assumptions of the estimate", list(assumptions.map(assumptionText))) : ""),
  );
}

/** The load before and after a move, beside what the new tier must carry. */
export function movedCapacitySection(before: Capacity, after: Capacity): string {
  const rows = loadFigures.map(([label, figure]) => [
    label,
    grouped(before[figure]),
    grouped(after[figure]),
    orNone(after.required[figure]),
  ]);
  return section(
    "capacity",
    "Capacity against load",
    `${table(["before", "after", "required"], rows)}\n` +
      `<p>Expected figures; the estimate is ${escaped(sourceText(after))}. After the move ${escaped(limitText(after))}.</p>`,
  );
}
