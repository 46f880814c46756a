/** What the runs of a drill showed, kept in the cluster: components/observability/drill-leases.ts. */
import {
  type DrillFigure,
  drillAnnotations,
  drillFigures,
  drillLease,
  restoreDrills,
} from "../../components/observability/drill-leases";
import { Failure } from "../failure";
import { operationsLabels, ours, Refused } from "../kube/kube";
import type { Lease } from "../kube/objects";
import type { World } from "../world";

/** What is kept of the last run of a drill. */
export interface DrillRecord {
  /** Such as `failover-postgres`. */
  drill: string;
  /** What to type after `npm run drill --`, without the stack. */
  command: string;
  /** End of the last run, in milliseconds since 1970. */
  endedMs: number;
  /** End of the last run that went as predicted. Undefined where none has. */
  verifiedMs: number | undefined;
  rtoSeconds: number | undefined;
  rpoSeconds: number | undefined;
  /** What was not as predicted in the last run. Empty where all was. */
  wrong: string;
}

/** Characters of what was wrong that are kept. */
const wrongLength = 500;

const leases = (namespace: string) => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

/** A time as the API server takes it in a Lease: with exactly six digits of the second. */
const microTime = (ms: number) => new Date(ms).toISOString().replace("Z", "000Z");

function leaseOf(
  namespace: string,
  name: string,
  renewMs: number | undefined,
  annotations: Record<string, string> = {},
) {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace, labels: operationsLabels(name), annotations },
    spec: renewMs === undefined ? {} : { renewTime: microTime(renewMs) },
  };
}

const annotationsOf = ({ command, endedMs, rtoSeconds, rpoSeconds, wrong }: DrillRecord): Record<string, string> => ({
  [drillAnnotations.command]: command,
  [drillAnnotations.ended]: new Date(endedMs).toISOString(),
  [drillAnnotations.outcome]: wrong === "" ? "as predicted" : "not as predicted",
  ...(wrong !== "" && { [drillAnnotations.wrong]: wrong.slice(0, wrongLength) }),
  ...(rtoSeconds !== undefined && { [drillAnnotations.rtoSeconds]: String(rtoSeconds) }),
  ...(rpoSeconds !== undefined && { [drillAnnotations.rpoSeconds]: String(rpoSeconds) }),
});

/** The time of each Lease. Undefined: the run did not see that figure, and an earlier one must not pass for it. */
const timesOf = ({
  endedMs,
  verifiedMs,
  rtoSeconds,
  rpoSeconds,
}: DrillRecord): Record<DrillFigure, number | undefined> => {
  const duration = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);
  return { verified: verifiedMs, last: endedMs, rto: duration(rtoSeconds), rpo: duration(rpoSeconds) };
};

/** A run that has just ended. */
type Run = Omit<DrillRecord, "endedMs" | "verifiedMs">;

/**
 * Now, by this machine, but by the API server where that is earlier: a verified restore in the future would count for too long. The
 * server's time has whole seconds.
 */
const nowMs = async ({ kube }: World) => Math.min(Date.now(), (await kube.nowMs()) + 1000);

/** What is kept as a restore of the place that Postgres has left: a drill restores that of the one in use. */
export const leftBy = (drill: string): string[] => {
  const restores = Object.values(restoreDrills);
  return restores.includes(drill) ? restores.filter((other) => other !== drill) : [];
};

/** Keeps a run. One that did not go as predicted leaves `verified` as it was. */
async function record(world: World, ended: Run): Promise<void> {
  const { kube, namespaces } = world;
  const run = { ...ended, endedMs: await nowMs(world) };
  const pathOf = (figure: DrillFigure, drill = run.drill) => `${leases(namespaces.data)}/${drillLease(drill, figure)}`;
  const before = await kube.find<Lease>(pathOf("verified"));
  const verifiedMs = run.wrong === "" ? run.endedMs : renewMsOf(before);
  const now = { ...run, verifiedMs };
  const times = timesOf(now);
  for (const other of leftBy(run.drill)) for (const figure of drillFigures) await kube.remove(pathOf(figure, other));
  // The one with the annotations last: it says that all is kept.
  for (const figure of [...drillFigures].reverse()) {
    const main = figure === "verified";
    if (times[figure] === undefined && !main) await kube.remove(pathOf(figure));
    else {
      const name = drillLease(run.drill, figure);
      await kube.apply(pathOf(figure), leaseOf(namespaces.data, name, times[figure], main ? annotationsOf(now) : {}));
    }
  }
}

/** Keeps a run, or says that it could not be kept: that changes nothing of what the drill has shown. */
export async function recorded(world: World, run: Run): Promise<string[]> {
  try {
    await record(world, run);
    return [];
  } catch (error) {
    if (error instanceof Refused)
      return [
        `Not kept in the cluster, so status and alerts do not know of it: the API server refuses (${error.status}: ${error.message}).`,
      ];
    if (error instanceof Failure)
      return [`Not kept in the cluster, so status and alerts do not know of it: ${error.brief}.`];
    throw error;
  }
}

const renewMsOf = (lease: Lease | undefined): number | undefined =>
  lease?.spec?.renewTime === undefined ? undefined : Date.parse(lease.spec.renewTime);

function recordOf(lease: Lease): DrillRecord[] {
  const of = (key: keyof typeof drillAnnotations) => lease.metadata.annotations?.[drillAnnotations[key]];
  const [command, ended] = [of("command"), of("ended")];
  // One of the figures, or a Lease of somebody else.
  if (command === undefined || ended === undefined) return [];
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  return [
    {
      drill: lease.metadata.name.replace(/^drill-/, ""),
      command,
      endedMs: Date.parse(ended),
      verifiedMs: renewMsOf(lease),
      rtoSeconds: number(of("rtoSeconds")),
      rpoSeconds: number(of("rpoSeconds")),
      wrong: of("wrong") ?? "",
    },
  ];
}

/** What is kept of every drill that has been run on a product. */
export const recordsOf = async ({ kube, namespaces }: World): Promise<DrillRecord[]> =>
  (await kube.list<Lease>(leases(namespaces.data), ours)).flatMap(recordOf);
