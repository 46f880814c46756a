/** The exporters that the stack deploys, built from their Go modules at the versions of their images. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { images } from "../../versions";

const cache = join(__dirname, "..", "..", ".cache", "exporters");

/** The tag of an image. */
export const tagOf = (image: string) => image.slice(image.lastIndexOf(":") + 1);

/** Each program with its module, its version and the package in it. */
const programs = {
  pgbouncer_exporter: [
    "github.com/prometheus-community/pgbouncer_exporter",
    tagOf(images.pgbouncerExporter.image),
    ".",
  ],
  postgres_exporter: [
    "github.com/prometheus-community/postgres_exporter",
    tagOf(images.postgresExporter.image),
    "./cmd/postgres_exporter",
  ],
  redis_exporter: ["github.com/oliver006/redis_exporter", tagOf(images.redisExporter.image), "."],
  yace: [
    "github.com/prometheus-community/yet-another-cloudwatch-exporter",
    tagOf(images.cloudwatchExporter.image),
    "./cmd/yace",
  ],
  "victoria-logs": ["github.com/VictoriaMetrics/VictoriaLogs", tagOf(images.logStore.image), "./app/victoria-logs"],
  vlagent: ["github.com/VictoriaMetrics/VictoriaLogs", tagOf(images.logAgent.image), "./app/vlagent"],
  "kube-state-metrics": ["k8s.io/kube-state-metrics/v2", tagOf(images.kubeStateMetrics.image), "."],
} as const;

export type Exporter = keyof typeof programs;

/** Whether Go is installed, which builds them. */
export const goIsThere = (): boolean => spawnSync("go", ["version"]).status === 0;

function run(args: string[], cwd?: string): string {
  const { status, stdout, stderr } = spawnSync("go", args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`go ${args.join(" ")}: ${stderr || stdout}`);
  return stdout;
}

/**
 * Returns the program of an exporter. Builds it where the cache has none: a minute or two for kube-state-metrics, else
 * seconds. In the module's own folder, so that its `replace` directives hold.
 */
export function exporter(name: Exporter): string {
  const [module, version, source] = programs[name];
  const program = join(cache, `${name}-${version}`);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const { Dir: folder } = JSON.parse(run(["mod", "download", "-json", `${module}@${version}`])) as { Dir: string };
  const building = `${program}.building-${process.pid}`;
  run(["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", building, source], folder);
  // Several processes may build at once: each moves a whole program into place.
  renameSync(building, program);
  return program;
}
