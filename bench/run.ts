/** `npm run bench`: prints ratios of medians, measured in interleaved runs on this machine. Not a test. */
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
import type { Program } from "../platform/program";
import type { FloorResource } from "./floor";

const root = join(__dirname, "..");
const runs = Number(process.env.BENCH_RUNS ?? 9);
const folder = mkdtempSync(join(tmpdir(), "tierstack-bench-"));

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

interface Samples {
  seconds: number[];
  mebibytes: number[];
}

/** Runs a program once in a new process, and adds its time and memory to the samples. */
function runOnce(args: string[], samples: Samples): void {
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
  samples.seconds.push((performance.now() - started) / 1000);
  samples.mebibytes.push(Number(readFileSync(memoryFile, "utf8")) / 1024);
}

// Frees the memory of earlier plans in this process before each measurement.
setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc") as () => void;

const program = () => require("../index") as Program;

/** Writes the resources of the growth plan, with literal inputs, to a file for floor.ts. Returns its path. */
async function writeFloor(): Promise<string> {
  const project = readProject(root);
  const { recording } = await planStack(project, readStack(project, "growth"), program());
  const resources = recording.resources.flatMap(({ name, type, inputs, custom }): FloorResource[] => {
    const resourceClass = classOf(type);
    if (!custom || !resourceClass) return [];
    return [
      {
        name,
        module: resourceClass.file,
        className: type.split(":").at(-1) as string,
        inputs: reveal(inputs) as never,
      },
    ];
  });
  const file = join(folder, "resources.json");
  writeFileSync(file, JSON.stringify(resources));
  process.stdout.write(
    `growth: ${recording.resources.length} resources, ${resources.length} of them in the baseline\n`,
  );
  return file;
}

/** Returns the milliseconds per resource of planning growth with a number of queues, in this process. */
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

function line(label: string, ratio: number, limit: number, detail: string): void {
  process.stdout.write(`${label.padEnd(44)} ${ratio.toFixed(2)} x  (target ${limit} x)  ${detail}\n`);
}

async function main(): Promise<void> {
  guardSdk();
  const floorFile = await writeFloor();
  const plan: Samples = { seconds: [], mebibytes: [] };
  const floor: Samples = { seconds: [], mebibytes: [] };
  const commands: [string[], Samples][] = [
    [["planner/cli/main.ts", "plan", "growth", "--out", join(folder, "plan.txt")], plan],
    [["bench/floor.ts", floorFile], floor],
  ];
  for (const [args] of commands) runOnce(args, { seconds: [], mebibytes: [] });
  for (let run = 0; run < runs; run++) {
    for (const [args, samples] of commands) runOnce(args, samples);
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
    "plan growth: time, relative to the baseline",
    planSeconds / floorSeconds,
    1.2,
    `${planSeconds.toFixed(2)} s / ${floorSeconds.toFixed(2)} s`,
  );
  line(
    "plan growth: memory, relative to the baseline",
    planMemory / floorMemory,
    1.5,
    `${planMemory.toFixed(0)} MiB / ${floorMemory.toFixed(0)} MiB`,
  );
  line(
    "time per resource: 100 queues, relative to 10",
    median(many) / median(few),
    1.2,
    `${median(many).toFixed(2)} ms / ${median(few).toFixed(2)} ms`,
  );
}

void main().finally(() => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
