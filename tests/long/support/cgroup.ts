import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Files of the memory controller, in cgroup v1 and v2. */
const controllers = [
  {
    root: "/sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    peak: "memory.max_usage_in_bytes",
    kills: "memory.oom_control",
  },
  { root: "/sys/fs/cgroup", limit: "memory.max", peak: "memory.peak", kills: "memory.events" },
];

let count = 0;

/** A cgroup with a memory limit, as the kubelet gives a container. */
export class MemoryCgroup {
  private constructor(
    private readonly folder: string,
    private readonly files: (typeof controllers)[number],
  ) {}

  /** Returns a cgroup, or undefined where this process may not create one. */
  static create(limitMiB: number): MemoryCgroup | undefined {
    const name = `tierstack-${process.pid}-${count++}`;
    for (const files of controllers) {
      const folder = join(files.root, name);
      try {
        mkdirSync(folder);
        if (existsSync(join(folder, files.limit))) {
          writeFileSync(join(folder, files.limit), String(limitMiB * 1024 * 1024));
          return new MemoryCgroup(folder, files);
        }
        rmdirSync(folder);
      } catch {
        if (existsSync(folder)) rmdirSync(folder);
      }
    }
    return undefined;
  }

  static readonly missing = "skipped: cannot create a memory cgroup (run as root, with a writable /sys/fs/cgroup)";

  /** Returns a command that waits until the process is in the cgroup. `add` puts it there. */
  command(command: string, args: string[]): [string, string[]] {
    const wait = 'until grep -q "$0" /proc/$$/cgroup; do sleep 0.02; done; ulimit -S -n "$(ulimit -H -n)"; exec "$@"';
    return ["sh", ["-c", wait, this.folder.split("/").at(-1) as string, command, ...args]];
  }

  add(pid: number | undefined): void {
    writeFileSync(join(this.folder, "cgroup.procs"), String(pid));
  }

  get peakMiB(): number {
    return Number(readFileSync(join(this.folder, this.files.peak), "utf8")) / 1024 / 1024;
  }

  /** Processes that the kernel killed for want of memory. */
  get kills(): number {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(join(this.folder, this.files.kills), "utf8"))?.[1] ?? 0);
  }

  remove = () => removed(this.folder);
}

/** Removes a cgroup once its processes have exited. */
async function removed(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      return rmdirSync(folder);
    } catch {
      await sleep(100);
    }
  }
}

/** Files of the CPU controller, in cgroup v1 and v2, and what says so many microseconds of each 100,000. */
const cpuControllers = [
  { root: "/sys/fs/cgroup/cpu", limit: "cpu.cfs_quota_us", text: (quota: number) => String(quota) },
  { root: "/sys/fs/cgroup", limit: "cpu.max", text: (quota: number) => `${quota} 100000` },
];

/** A cgroup with so much of the CPU's time, as a server with CPUs of its own has. */
export class CpuCgroup {
  private constructor(private readonly folder: string) {}

  /** Returns a cgroup, or undefined where this process may not create one. */
  static create(cores: number): CpuCgroup | undefined {
    for (const { root, limit, text } of cpuControllers) {
      const folder = join(root, `tierstack-${process.pid}-${count++}`);
      try {
        mkdirSync(folder);
        writeFileSync(join(folder, limit), text(cores * 100_000), { flag: "r+" });
        return new CpuCgroup(folder);
      } catch {
        if (existsSync(folder)) rmdirSync(folder);
      }
    }
    return undefined;
  }

  /** Limits a process, and those that it starts from now on. */
  add(pid: number | undefined): void {
    writeFileSync(join(this.folder, "cgroup.procs"), String(pid));
  }

  remove = () => removed(this.folder);
}
