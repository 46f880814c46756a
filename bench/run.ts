/** `npm run bench`: ratios of medians, measured in interleaved runs on this machine. Never a test. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { planStack } from "../planner/plan";
import { classOf, guardSdk } from "../planner/record/sdk/classes";
import { reveal } from "../planner/record/values";
import { readProject, readStack } from "../planner/stacks";
import type { FloorResource } from "./floor";

const root = join(__dirname, "..");
const runs = Number(process.env.BENCH_RUNS ?? 9);
const folder = mkdtempSync(join(tmpdir(), "tierstack-bench-"));

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

interface Measured {
  seconds: number[];
  mebibytes: number[];
}

/** Runs a program once as a process of its own. */
function runOnce(args: string[], into: Measured): void {
  const memoryFile = join(folder, "memory");
  const started = performance.now();
  const result = spawnSync(
    process.execPath,
    ["--require", join(__dirname, "measure.cjs"), "--import", "tsx", ...args],
    {
      cwd: root,
      env: { ...process.env, BENCH_MEMORY_FILE: memoryFile },
      encoding: "utf8",
    },
  );
  if (result.status !== 0) throw new Error(result.stderr);
  into.seconds.push((performance.now() - started) / 1000);
  into.mebibytes.push(Number(readFileSync(memoryFile, "utf8")) / 1024);
}

// Memory that earlier plans of this process left must not be paid for by the one that is measured.
setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc") as () => void;

const program = () => require("../index") as () => unknown;

/** Writes the resources of the growth plan, as literals, for the floor. */
async function writeFloor(): Promise<string> {
  const project = readProject(root);
  const { recording } = await planStack(project, readStack(project, "growth"), program());
  const resources = recording.resources.flatMap(({ name, type, inputs, custom }): FloorResource[] => {
    const known = classOf(type);
    if (!custom || !known) return [];
    return [{ name, module: known.file, className: type.split(":").at(-1) as string, inputs: reveal(inputs) as never }];
  });
  const file = join(folder, "resources.json");
  writeFileSync(file, JSON.stringify(resources));
  process.stdout.write(`growth: ${recording.resources.length} resources, ${resources.length} of them in the floor\n`);
  return file;
}

/** Milliseconds a resource, planning growth with a number of queues in this process. */
async function perResource(queues: number): Promise<number> {
  const project = readProject(root);
  const stack = readStack(project, "growth");
  collectGarbage();
  const names = Array.from({ length: queues }, (_, at) => ({ name: `queue-${at}` }));
  stack.config[`${project.name}:queues`] = JSON.stringify(names);
  const started = performance.now();
  const { plan } = await planStack(project, stack, program());
  return (performance.now() - started) / plan.resources.length;
}

function line(what: string, ratio: number, limit: number, detail: string): void {
  process.stdout.write(`${what.padEnd(44)} ${ratio.toFixed(2)} x  (target ${limit} x)  ${detail}\n`);
}

async function main(): Promise<void> {
  guardSdk();
  const floorFile = await writeFloor();
  const plan: Measured = { seconds: [], mebibytes: [] };
  const floor: Measured = { seconds: [], mebibytes: [] };
  const commands: [string[], Measured][] = [
    [["planner/cli/main.ts", "plan", "growth", "--out", join(folder, "plan.txt")], plan],
    [["bench/floor.ts", floorFile], floor],
  ];
  for (const [args] of commands) runOnce(args, { seconds: [], mebibytes: [] });
  for (let run = 0; run < runs; run++) {
    for (const [args, into] of commands) runOnce(args, into);
    process.stderr.write(
      `\rrun ${run + 1} of ${runs} of ${commands.map(([args]) => basename(args[0] as string)).join(" and ")}`,
    );
  }
  process.stderr.write("\n");
  const few: number[] = [];
  const many: number[] = [];
  for (let run = 0; run < runs + 2; run++) {
    const [ten, hundred] = [await perResource(10), await perResource(100)];
    if (run < 2) continue;
    few.push(ten);
    many.push(hundred);
  }
  const [planSeconds, floorSeconds] = [median(plan.seconds), median(floor.seconds)];
  const [planMemory, floorMemory] = [median(plan.mebibytes), median(floor.mebibytes)];
  line(
    "planning growth, time against the floor",
    planSeconds / floorSeconds,
    1.2,
    `${planSeconds.toFixed(2)} s / ${floorSeconds.toFixed(2)} s`,
  );
  line(
    "planning growth, memory against the floor",
    planMemory / floorMemory,
    1.5,
    `${planMemory.toFixed(0)} MiB / ${floorMemory.toFixed(0)} MiB`,
  );
  line(
    "a resource, 100 queues against 10",
    median(many) / median(few),
    1.2,
    `${median(many).toFixed(2)} ms / ${median(few).toFixed(2)} ms`,
  );
}

void main().finally(() => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
