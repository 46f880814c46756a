/** What the parts of the benchmark share. */
import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How often each thing is measured. */
export const runs = Number(process.env.BENCH_RUNS ?? 9);

export const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

// Frees the memory of what ran before in this process.
setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Returns the milliseconds that some work takes. */
async function timeOf(work: () => unknown): Promise<number> {
  collectGarbage();
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Runs that do not count: until then Node compiles what runs often. */
const warmUps = 5;

/** Returns the median milliseconds of each kind of work, of interleaved runs. */
export async function medians<K extends string>(works: Record<K, () => unknown>): Promise<Record<K, number>> {
  const samples = new Map<K, number[]>();
  for (let run = 0; run < runs + warmUps; run++)
    for (const [name, work] of Object.entries(works) as [K, () => unknown][]) {
      const time = await timeOf(work);
      if (run >= warmUps) samples.set(name, [...(samples.get(name) ?? []), time]);
    }
  return Object.fromEntries([...samples].map(([name, times]) => [name, median(times)])) as Record<K, number>;
}

export function line(label: string, ratio: number, limit: number | undefined, detail: string): void {
  const target = limit === undefined ? "" : `  (target ${limit} x)`;
  process.stdout.write(`${label.padEnd(56)} ${ratio.toFixed(2)} x${target}  ${detail}\n`);
}
