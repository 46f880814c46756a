/** The loss of a store's only pod in the cluster: it is killed, and its StatefulSet starts another one on the same volume. */
import { workloads } from "../../../components/postgres/common/network-policies";
import { valkeyName } from "../../../components/redis/cluster/pod";
import type { StoreKind } from "../../account/managed-stores";
import { Failure } from "../../failure";
import { isReady, type Pod } from "../../kube/objects";
import { ask, serverOf } from "../../sql";
import { commandIn, type World } from "../../world";
import { inClusterPredictions } from "../expectations";
import type { Takeover } from "./takeover";

const names: Record<StoreKind, string> = { postgres: workloads.server, redis: valkeyName };

/** Has Postgres acknowledge a transaction that is in its log alone. Returns its number. */
async function acknowledged(world: World): Promise<string> {
  const sql = "SELECT pg_current_xact_id() FROM pg_logical_emit_message(true, 'tierstack', 'drill')";
  const [transaction = ""] = await ask(world.reach, serverOf(world), sql);
  return transaction;
}

/** Prepares the kill of a store's pod. @throws Failure where it is not ready */
export async function inCluster(world: World, kind: StoreKind): Promise<Takeover> {
  const { kube, namespaces } = world;
  const name = `${names[kind]}-0`;
  const path = `/api/v1/namespaces/${namespaces.data}/pods/${name}`;
  const before = await kube.find<Pod>(path);
  if (!isReady(before))
    throw new Failure({
      where: `pod ${namespaces.data}/${name}`,
      given: before ? "one that is not ready" : "none",
      allowed: "one that serves: a drill starts from a healthy product",
      fix: commandIn(world, "status"),
    });
  let transaction: string | undefined;
  return {
    name: `${namespaces.data}/${name}`,
    prediction: inClusterPredictions[kind],
    how: "kill its pod",
    begin: async () => {
      if (kind === "postgres") transaction = await acknowledged(world);
      // One second: the kubelet ends the processes before the API server forgets the pod. With none, two servers could run on the volume.
      await kube.remove(path, 1);
    },
    done: async () => {
      const pod = await kube.find<Pod>(path);
      return isReady(pod) && pod?.metadata.uid !== before?.metadata.uid;
    },
    lost: async () => {
      if (transaction === undefined) return undefined;
      const [status] = await ask(world.reach, serverOf(world), `SELECT pg_xact_status('${transaction}')`);
      return status !== "committed";
    },
  };
}
