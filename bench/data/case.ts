/** What the cases of `npm run bench:data` share. */

import { CpuCgroup } from "../../tests/long/support/cgroup";
import type { Instance } from "../../tests/long/support/instance";
import { PooledServer } from "../../tests/long/support/pooler";
import { type Binaries, findBinaries, stopped } from "../../tests/long/support/postgres";
import type { TierSpec } from "../../tiers";
import { median } from "../timing";

export interface Result {
  /** What is compared with what. */
  what: string;
  ratio: number;
  /** The ratio that is wanted. @default none */
  wanted?: number;
  /** The figures behind the ratio, with their units. */
  detail: string;
}

export interface Case {
  name: string;
  /** Measures in turns, so that what else runs on the machine slows both sides. Reports each turn. */
  run(progress: (step: string) => void): Promise<Result[]>;
}

/** Turns of each side, and the seconds of each. */
const turns = Number(process.env.BENCH_RUNS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 10);

export function binaries(): Binaries {
  const result = findBinaries();
  if ("missing" in result) throw new Error(`not installed: ${result.missing.join(", ")} (see docs/contributing.md)`);
  return result.found;
}

/** A server with CPU time of its own, as an instance of RDS has: so many cores. */
export class OwnCpu {
  private readonly cgroups: CpuCgroup[] = [];

  limit(instance: Instance, cores: number): void {
    const cgroup = CpuCgroup.create(cores);
    if (!cgroup) throw new Error("cannot create a CPU cgroup (run as root, with a writable /sys/fs/cgroup)");
    this.cgroups.push(cgroup);
    instance.limit(cgroup);
  }

  async remove(): Promise<void> {
    for (const cgroup of this.cgroups) await cgroup.remove();
  }
}

/** Runs some work on the servers of a tier, with pgbench's tables. */
export async function withServer<T>(
  sizes: Pick<TierSpec, "postgres" | "pgbouncer">,
  work: (server: PooledServer, cpu: OwnCpu) => Promise<T>,
): Promise<T> {
  const server = await PooledServer.start(binaries(), sizes);
  const cpu = new OwnCpu();
  try {
    const { status, stderr } = server.bootstrap();
    if (status !== 0) throw new Error(stderr);
    const tables = ["-i", "-q", "-s", "10", "app"];
    server.sandbox.must(server.bin.pgbench, tables, server.connection(server.ports.server, "app"));
    return await work(server, cpu);
  } finally {
    await server.close();
    await cpu.remove();
  }
}

export interface Load {
  port: number;
  /** @default "app" */
  database?: string;
  clients: number;
  /** One of pgbench's own scripts. */
  script: "tpcb-like" | "select-only";
}

/** Runs some groups of pgbench at once, and returns the transactions a second of each. Throws if one fails. */
export async function throughput(server: PooledServer, ...groups: Load[][]): Promise<number[]> {
  const rate = async ({ port, database = "app", clients, script }: Load) => {
    const args = ["-n", "-b", script, "-c", String(clients), "-T", String(seconds), database];
    const bench = server.sandbox.start(server.bin.pgbench, args, server.connection(port, "app"));
    const rate = (await stopped(bench)) === 0 ? /^tps = ([\d.]+)/m.exec(bench.log())?.[1] : undefined;
    if (rate === undefined) throw new Error(bench.log());
    return Number(rate);
  };
  const rates = await Promise.all(groups.map((loads) => Promise.all(loads.map(rate))));
  return rates.map((group) => group.reduce((sum, rate) => sum + rate, 0));
}

/** Returns the median rates of each side, measured in turns. */
export async function sideBySide<K extends string>(
  sides: Record<K, () => Promise<number[]>>,
  progress: (step: string) => void,
): Promise<Record<K, number[]>> {
  const samples = new Map<K, number[][]>();
  for (let turn = 1; turn <= turns; turn++)
    for (const [side, measure] of Object.entries(sides) as [K, () => Promise<number[]>][]) {
      progress(`${side}, turn ${turn} of ${turns}`);
      samples.set(side, [...(samples.get(side) ?? []), await measure()]);
    }
  const medians = (rates: number[][]) =>
    (rates[0] ?? []).map((_, at) => median(rates.map((turn) => turn[at] as number)));
  return Object.fromEntries([...samples].map(([side, rates]) => [side, medians(rates)])) as Record<K, number[]>;
}
