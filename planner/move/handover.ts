/** The handover of the database that a move starts or leaves: what its steps depend on, and which moves it refuses. */
import { handoverName } from "../../components/postgres/handover/settings";
import { files, folder } from "../../components/postgres/pgbouncer/ini";
import { type Tier, tiers } from "../../tiers";
import catalogue from "../catalogues/handover.json";
import { combined, type Level, levels } from "../cost/levels";
import type { Inputs } from "../cost/world";
import type { PlannedResource } from "../record/planned";
import { type Change, holdsData } from "./change";
import { instancesOf, type Refused, refusedGeneration } from "./generations";

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
  /** The volume that the data must fit, where the handover leads to the in-cluster Postgres. */
  room?: Room;
  /** The RDS instances that it leads between. Absent where one side is in the cluster. */
  instances?: { source: string; target: string };
  /** What is expected of it. Absent where nothing was measured. */
  expected?: { copy: string; pause: string };
}

/** The volume of the in-cluster Postgres. */
export interface Room {
  /** What it claims, such as `3Gi`. */
  claim: string;
  /** The most data that may come: the other half is for WAL (max_wal_size, max_slot_wal_keep_size) and growth. */
  mostGib: number;
  /** The data that the assumptions expect. */
  assumedGib: number;
}

/** The tiers on both sides of a move. */
interface Tiers {
  from: Tier;
  to: Tier;
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

/** Returns the volume that the data must fit; undefined where the tier has the database elsewhere. */
function roomOf(after: readonly PlannedResource[], to: Tier, stored: Level): Room | undefined {
  const { spec }: Inputs = after.find(isClaim)?.inputs ?? {};
  if (tiers[to].postgres.place !== "cluster" || !spec) return undefined;
  const claim: string = spec.resources.requests.storage;
  return { claim, mostGib: Number.parseFloat(claim) / 2, assumedGib: stored.expected };
}

/** The data that a handover copies: no more than what fits, because the phases let no more begin. */
const copiedOf = (stored: Level, room: Room | undefined): Level =>
  room ? combined(Math.min, stored, room.mostGib) : stored;

/** Returns the handover that a move starts; undefined where it starts none. */
export function handoverOf(
  before: readonly PlannedResource[],
  after: readonly PlannedResource[],
  { to }: Tiers,
  stored: Level,
): PlannedHandover | undefined {
  const job = after.find(isJob);
  if (!job || before.some(isJob)) return undefined;
  const { metadata, spec }: Inputs = job.inputs;
  const room = roomOf(after, to, stored);
  const expected = expectedOf(copiedOf(stored, room), catalogue as HandoverFigure[]);
  const instances = instancesOf(after);
  return {
    image: spec.template.spec.containers[0].image,
    namespace: metadata.namespace,
    ...(room && { room }),
    ...(instances && { instances }),
    ...(expected && { expected }),
  };
}

/** Returns the namespace of the handover that is on before a move, where the move ends it or changes the tier. */
export function leftHandoverOf(
  before: readonly PlannedResource[],
  after: readonly PlannedResource[],
  { from, to }: Tiers,
): string | undefined {
  const job = before.find(isJob);
  if (!job || (after.some(isJob) && from === to)) return undefined;
  return (job.inputs as Inputs).metadata.namespace;
}

/** Whether PgBouncer's pods start with the database that a handover leads to: `handover.switched`. */
const isSwitched = (resources: readonly PlannedResource[]): boolean =>
  resources.some(
    ({ type, path, inputs }) =>
      type === "kubernetes:apps/v1:Deployment" &&
      path.endsWith("/postgres/pgbouncer/deployment") &&
      JSON.stringify((inputs as Inputs).spec ?? "").includes(`${folder}/${files.next}`),
  );

/** Why a move must not go through for the handover that it starts or leaves; undefined if it may. */
function refusedHandover(
  before: readonly PlannedResource[],
  after: readonly PlannedResource[],
  { from, to }: Tiers,
): string | undefined {
  const [was, is] = [before, after].map((resources) => resources.some(isJob));
  if (!was && is && isSwitched(after))
    return (
      "handover.switched is true in the move that starts the handover, so PgBouncer would start with a database without " +
      "data; remove it, and set it in the phase switched (docs/handover.md#finish)"
    );
  if (!was || from === to) return undefined;
  if (is)
    return (
      `the handover would turn round, from ${from} to ${to}, while it is on; finish or abort it, and remove handover, ` +
      "before another one (docs/handover.md#a-second-handover)"
    );
  // The bootstrap of a tier with both stores sees whose data is in use. That of another one would let clients into either.
  if (tiers[to].target.kind === "k3s" || isSwitched(before)) return undefined;
  return (
    `${to} does not have both databases of the handover, and the one in use may be left behind; finish or abort it, remove ` +
    "handover, and run pulumi up, before the tier changes (docs/handover.md#finish)"
  );
}

/** The changes with one refused. It is added where the resource does not change in the program's sight. */
function withRefused(changes: Change[], { resource, reason }: Refused): Change[] {
  const { path, type } = resource;
  const known = changes.find((change) => change.path === path && change.type === type);
  const none: Change = { path, type, action: "refused", data: holdsData(resource), properties: [], effect: "none" };
  const { keep: _, ...change } = known ?? none;
  const refused: Change = { ...change, action: "refused", reason, refusedBy: "tierstack" };
  return [...changes.filter((one) => one !== known), refused].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Refuses the change of a handover's Job, or of a database, where the move must not go through. */
export function withHandoverRefused(
  changes: Change[],
  before: readonly PlannedResource[],
  after: readonly PlannedResource[],
  between: Tiers,
): Change[] {
  const [was, is] = [before.find(isJob), after.find(isJob)];
  const handovers = { was: was !== undefined, is: is !== undefined, betweenTiers: between.from !== between.to };
  const generation = refusedGeneration(before, after, handovers);
  const job = is ?? was;
  const reason = refusedHandover(before, after, between);
  return [...(generation ? [generation] : []), ...(job && reason ? [{ resource: job, reason }] : [])].reduce(
    withRefused,
    changes,
  );
}
