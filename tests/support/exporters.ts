/** The exporters that the stack deploys, built from their Go modules at the versions of their images. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
  alertmanager: ["github.com/prometheus/alertmanager", tagOf(images.alertmanager.image), "./cmd/alertmanager"],
  amtool: ["github.com/prometheus/alertmanager", tagOf(images.alertmanager.image), "./cmd/amtool"],
} as const;

export type Exporter = keyof typeof programs;

/** A file of its pages for a browser, which a module embeds and has in its releases only. No test opens them. */
const page: Partial<Record<Exporter, string>> = { alertmanager: "ui/app/dist/index.html" };

/** Whether Go is installed, which builds them. */
export const goIsThere = (): boolean => spawnSync("go", ["version"]).status === 0;

function run(args: string[], cwd?: string): string {
  const { status, stdout, stderr } = spawnSync("go", args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`go ${args.join(" ")}: ${stderr || stdout}`);
  return stdout;
}

/** Returns a copy of a module's folder with an empty file in it. */
function withFile(folder: string, file: string): string {
  const copy = mkdtempSync(join(cache, "module-"));
  const { status, stderr } = spawnSync("cp", ["-r", "--no-preserve=mode", `${folder}/.`, copy], { encoding: "utf8" });
  if (status !== 0) throw new Error(`cp: ${stderr}`);
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  writeFileSync(join(copy, file), "");
  return copy;
}

/**
 * Returns the program of an exporter. Builds it where the cache has none: minutes for kube-state-metrics and
 * yace, else seconds. In the module's own folder, so that its `replace` directives hold.
 */
export function exporter(name: Exporter): string {
  const [module, version, source] = programs[name];
  const program = join(cache, `${name}-${version}`);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const { Dir: folder } = JSON.parse(run(["mod", "download", "-json", `${module}@${version}`])) as { Dir: string };
  const building = `${program}.building-${process.pid}`;
  const file = page[name];
  const from = file === undefined ? folder : withFile(folder, file);
  run(["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", building, source], from);
  if (file !== undefined) rmSync(from, { recursive: true });
  // Several processes may build at once: each moves a whole program into place.
  renameSync(building, program);
  return program;
}
