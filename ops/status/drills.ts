import { restoreDrills } from "../../components/observability/drill-leases";
import { restoreScript } from "../../components/postgres/archive/settings";
import { workloads } from "../../components/postgres/common/network-policies";
import type { PostgresPlace } from "../../tiers";
import { thresholds } from "../../tiers/thresholds";
import { isManaged } from "../account/managed-stores";
import { type DrillRecord, leftBy, recordsOf } from "../drills/record";
import { moment, spelled } from "../duration";
import { Refused } from "../kube/kube";
import type { ConfigMap, Named } from "../kube/objects";
import { apps } from "../kube/workloads";
import { drillIn, pooler, type World } from "../world";
import { dayMs } from "./certificates";
import { type Finding, msOf } from "./finding";

/** The drill that verifies a backup. */
const drill = "restore";

const { verifiedDays } = thresholds.restore;

/** How much further the cluster's clock may be than this machine's. A verified restore beyond is in the future, and none. */
const aheadMs = 60_000;

/** Where the drill can restore a backup of this product. Undefined where it cannot, or where nobody says which database is in use. */
async function restorableAt({ kube, namespaces, output }: World): Promise<PostgresPlace | undefined> {
  if (isManaged((await output?.("databaseEndpoint")) ?? "")) return "managed";
  const path = `/api/v1/namespaces/${namespaces.data}/configmaps/${workloads.server}`;
  // Postgres in the cluster has the script where it archives.
  return (await kube.find<ConfigMap>(path))?.data?.[restoreScript] === undefined ? undefined : "cluster";
}

/** When the product came to this cluster: PgBouncer is there from the first deployment on. */
async function bornMs(world: World): Promise<number | undefined> {
  const { namespace, name } = pooler(world);
  const found = await world.kube.find<Named>(`${apps(namespace)}/deployments/${name}`);
  return msOf(found?.metadata.creationTimestamp);
}

/** A drill whose last run was not as predicted. */
const wrongRun = (world: World, { command, wrong, endedMs }: DrillRecord): Finding[] =>
  wrong === ""
    ? []
    : [
        {
          what: `drill ${command} did not go as predicted: ${wrong}`,
          sinceMs: endedMs,
          help: drillIn(world, command),
        },
      ];

/** The figures of the verified restore, where no later run has taken their place. */
function figures({ rtoSeconds, rpoSeconds, wrong }: DrillRecord): string {
  const measured = { RTO: rtoSeconds, RPO: rpoSeconds };
  if (wrong !== "") return "";
  return Object.entries(measured)
    .map(([name, seconds]) => (seconds === undefined ? "" : `, ${name} ${spelled(seconds)}`))
    .join("");
}

/** What the drills have shown. */
interface DrillsSeen {
  findings: Finding[];
  /** Lines to be shown, well or not. */
  lines: string[];
}

/** What is kept of the drills. Why nobody may look, where the rights do not allow it: Kubernetes' role `view` has none for Leases. */
async function keptOf(world: World): Promise<DrillRecord[] | string> {
  try {
    return await recordsOf(world);
  } catch (error) {
    if (error instanceof Refused && error.status === 403) return error.message;
    throw error;
  }
}

/** What the drills have shown of a product, and whether a restore has been verified lately. */
export async function drillsSeen(world: World, nowMs: number): Promise<DrillsSeen> {
  const kept = await keptOf(world);
  if (typeof kept === "string") return { findings: [], lines: [`not looked at: drills (${kept})`] };
  const place = await restorableAt(world);
  // A restore of the place that Postgres has left says nothing of the one in use.
  const left = place === undefined ? [] : leftBy(restoreDrills[place]);
  const records = kept.filter((one) => !left.includes(one.drill));
  const wrong = records.flatMap((one) => wrongRun(world, one));
  if (place === undefined) return { findings: wrong, lines: [] };
  const last = records.find((one) => one.drill === restoreDrills[place]);
  const verifiedMs = (last?.verifiedMs ?? 0) > nowMs + aheadMs ? undefined : last?.verifiedMs;
  const sinceMs = verifiedMs ?? (await bornMs(world));
  const help = drillIn(world, drill);
  const due = sinceMs !== undefined && nowMs - sinceMs > verifiedDays * dayMs;
  return {
    findings: [...(due ? [{ what: "no restore of a backup has been verified", sinceMs, help }] : []), ...wrong],
    lines: [
      last === undefined || verifiedMs === undefined
        ? `last verified restore: none yet; ${help}`
        : `last verified restore: ${moment(verifiedMs)}${figures(last)}`,
    ],
  };
}
