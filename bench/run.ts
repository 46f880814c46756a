/** `npm run bench`: prints ratios of medians, measured in interleaved runs on this machine. Not a test. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import { planStack } from "../planner/plan";
import { classOf, guardSdk } from "../planner/record/sdk/classes";
import { reveal } from "../planner/record/values";
import { readProject, readStack } from "../planner/stacks";
import type { Program } from "../platform/program";
import type { FloorResource } from "./floor";
import { diffRatios, growth } from "./large";
import { line, median, runs } from "./timing";

const root = join(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "tierstack-bench-"));

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
  await growth(root);
  await diffRatios(root);
}

void main().finally(() => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
