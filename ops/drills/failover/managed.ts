/** The loss of a primary on RDS or ElastiCache: their APIs fail over to the standby. */
import { nameOf, type StoreKind, services } from "../../account/managed-stores";
import { Failure } from "../../failure";
import type { World } from "../../world";
import { managedPredictions } from "../expectations";
import type { Takeover } from "./takeover";

/** Key of a stack that gives a store a standby. */
const keys: Record<StoreKind, string> = { postgres: "postgres.multiAz", redis: "redis.replicasPerShard" };

/** Events by which AWS tells that the standby has taken over (RDS-EVENT-0049; API_TestFailover). */
const completed = /failover completed|failover from \w+ node .* completed/i;

/** Prepares a failover. @throws Failure where there is no standby, or something is being done to the store */
export async function managed({ account: { stores } }: World, kind: StoreKind, address: string): Promise<Takeover> {
  const name = nameOf(address);
  const where = `${services[kind]} ${name}`;
  const { status, standby, shards } = await stores.find(kind, name);
  if (!standby)
    throw new Failure({
      where,
      given: "no standby",
      allowed: "one in another zone, which takes over",
      fix: `set ${keys[kind]} in the stack's file; without it, a loss is a restore (docs/backups.md)`,
    });
  if (status !== "available")
    throw new Failure({ where, given: `status ${status}`, allowed: "available", fix: "wait until it is" });
  const [shard] = shards;
  let sinceMs = 0;
  return {
    name: where,
    prediction: managedPredictions[kind],
    how: `fail over to the standby${shard === undefined ? "" : ` in shard ${shard}`}`,
    begin: async () => {
      sinceMs = Date.now() - 5000;
      await stores.failOver(kind, name, shard);
    },
    done: async () => (await stores.events(kind, name, sinceMs)).some((message) => completed.test(message)),
    lost: async () => undefined,
  };
}
