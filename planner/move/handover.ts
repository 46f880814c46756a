/** A handover of the database that a move starts: what its steps depend on, and how long it is expected to take. */
import { handoverName } from "../../components/postgres/handover/settings";
import catalogue from "../catalogues/handover.json";
import { type Level, levels } from "../cost/levels";
import type { Inputs } from "../cost/world";
import type { PlannedResource } from "../record/planned";
import type { Change } from "./change";

/** A figure of a handover, as measured. */
export interface HandoverFigure {
  id: "copy.mibPerSecond" | "pause.ms";
  unit: string;
  about: string;
  /** How it was measured. */
  source: string;
  values: Level;
}

export interface PlannedHandover {
  /** Image of the engine. */
  image: string;
  /** Namespace of its Job. */
  namespace: string;
  /** What the in-cluster Postgres claims, such as `3Gi`, where the handover leads to it. */
  claim?: string;
  /** What is expected of it. Absent where nothing was measured. */
  expected?: { copy: string; pause: string };
}

const mibPerGib = 1024;

const minutesText = (seconds: number): string =>
  seconds < 60 ? "less than a minute" : `${Math.round(seconds / 60)} minutes`;
const gibText = (gib: number) => `${gib} GiB`;
const millisecondsText = (ms: number) => `${Math.round(ms)} ms`;

/**
 * Returns the expected duration of the copy and of the pause, in words; undefined without figures. The copy takes as long as
 * the data has bytes; the longest one is that of the most data at the lowest speed.
 */
export function expectedOf(stored: Level, figures: readonly HandoverFigure[]): PlannedHandover["expected"] {
  const valuesOf = (id: HandoverFigure["id"]) => figures.find((figure) => figure.id === id)?.values;
  const [speed, pause] = [valuesOf("copy.mibPerSecond"), valuesOf("pause.ms")];
  if (!speed || !pause || !levels.every((level) => Number.isFinite(stored[level]))) return undefined;
  const seconds = (gib: number, mibPerSecond: number) => (gib * mibPerGib) / mibPerSecond;
  return {
    copy:
      `the copy of ${gibText(stored.expected)} is expected to take ${minutesText(seconds(stored.expected, speed.expected))}, ` +
      `of ${gibText(stored.high)} at the most ${minutesText(seconds(stored.high, speed.low))}`,
    pause: `clients are expected to wait ${millisecondsText(pause.expected)}, at the most ${millisecondsText(pause.high)}`,
  };
}

const isJob = ({ type, path }: { type: string; path: string }) =>
  type === "kubernetes:batch/v1:Job" && path.endsWith(`/postgres/${handoverName}/job`);

const isClaim = ({ type, path }: { type: string; path: string }) =>
  type === "kubernetes:core/v1:PersistentVolumeClaim" && path.endsWith("/postgres/cluster/data");

/** Returns what the in-cluster Postgres claims. */
const claimOf = (after: readonly PlannedResource[]): string | undefined =>
  (after.find(isClaim)?.inputs as Inputs | undefined)?.spec.resources.requests.storage;

/** Returns the handover that a move starts; undefined where it starts none. */
export function handoverOf(
  after: readonly PlannedResource[],
  changes: readonly Change[],
  stored: Level,
): PlannedHandover | undefined {
  const job = after.find(isJob);
  if (!job || !changes.some(({ path, action }) => path === job.path && action === "create")) return undefined;
  const { metadata, spec }: Inputs = job.inputs;
  const expected = expectedOf(stored, catalogue as HandoverFigure[]);
  const claim = claimOf(after);
  return {
    image: spec.template.spec.containers[0].image,
    namespace: metadata.namespace,
    ...(claim !== undefined && { claim }),
    ...(expected && { expected }),
  };
}

/** Returns the namespace of the handover that is on before a move, where the move ends it or changes the tier. */
export function leftHandoverOf(
  before: readonly PlannedResource[],
  after: readonly PlannedResource[],
  tierChanges: boolean,
): string | undefined {
  const job = before.find(isJob);
  if (!job || (after.some(isJob) && !tierChanges)) return undefined;
  return (job.inputs as Inputs).metadata.namespace;
}
