import { SettingsError } from "../../../config/problems";
import { isManaged, type StoreKind } from "../../account/managed-stores";
import { unknownWord } from "../../command";
import { spelled } from "../../duration";
import { Failure } from "../../failure";
import { application, commandIn, type World } from "../../world";
import type { Drill, Outcome } from "../drill";
import { outage, type Witness, witness } from "../outage";
import { inCluster } from "./in-cluster";
import { managed } from "./managed";
import type { Takeover } from "./takeover";

const kinds = ["postgres", "redis"] as const satisfies StoreKind[];

/** Stack outputs with the address of a store in use. */
const outputs: Record<StoreKind, string> = { postgres: "databaseEndpoint", redis: "redisEndpoint" };

/** How the application names a store in what it says of its readiness. */
const health = { postgres: "primary", redis: "redis" } as const;

/** The loss of the store in use: that of the stack's outputs, or without a stack the one in the cluster. */
async function takeoverOf(world: World, kind: StoreKind): Promise<Takeover> {
  const address = await world.output?.(outputs[kind]);
  return address !== undefined && isManaged(address) ? managed(world, kind, address) : inCluster(world, kind);
}

/** Throws a Failure where the product is not well: its outage would pass for that of the drill. */
async function expectServes(world: World, { serves }: Witness): Promise<void> {
  if (await serves()) return;
  const { namespace, name } = application(world);
  throw new Failure({
    where: `${namespace}/${name}`,
    given: "a pod that does not answer, or not that it reaches the store",
    allowed: "all do: a drill starts from a healthy product",
    fix: commandIn(world, "status"),
  });
}

async function exercise(world: World, watched: Witness, takeover: Takeover): Promise<Outcome> {
  const { begin, done, lost, name, prediction } = takeover;
  await begin();
  // Long enough to tell how wrong a prediction is, which a limit at the prediction would not.
  const seen = await outage({ serves: watched.serves, done }, 5 * prediction.rtoSeconds, world.clock);
  const wrong = seen.ended ? [] : [`${name} was not back after ${spelled(seen.watched)}`];
  const loses = seen.ended ? await lost() : undefined;
  // Answers that never name the store are no sign that it was there.
  const blind = seen.ended && seen.seconds === 0 && !watched.names();
  return {
    rtoSeconds: blind ? undefined : seen.ended ? seen.seconds : seen.watched,
    rpoSeconds: loses === false ? 0 : undefined,
    seen: [
      blind
        ? "The application was ready all the time. Its readiness check does not name the store, so this says nothing of it."
        : seen.seconds === 0
          ? "The application answered all the time that it reaches the store."
          : `For ${spelled(seen.seconds)}, a pod of the application did not answer, or not that it reaches the store.`,
      ...(loses === false ? ["A transaction that was acknowledged just before is there."] : []),
    ],
    wrong: [...wrong, ...(loses === true ? ["an acknowledged transaction is lost"] : [])],
  };
}

export const failover: Drill = {
  name: "failover",
  summary:
    "lose the primary of Postgres or Redis: a pod in the cluster is killed, on RDS and ElastiCache the standby takes over",
  usage: ["failover postgres|redis"],
  about: [
    "Makes the primary fail and asks each pod of the application every second whether it is ready and reaches the store, as its " +
      "readiness check does. If one does not answer so before, the drill does not begin. In the cluster, it kills the pod of the store, which starts again on its volume. RDS reboots with " +
      "failover; ElastiCache runs TestFailover on the first shard, which AWS allows for 15 shards a day.",
    "RTO is the time from the failure to the last second without a good answer. RPO is measured only for Postgres in the cluster, by " +
      "a transaction that was acknowledged just before. An image whose readiness check does not name its stores, as workload/http/health.ts does, shows its own outage alone. The stack's outputs say where a store of AWS is, so name the stack.",
  ],
  options: [["postgres|redis", "the store"]],
  examples: [
    ["failover postgres", "the primary of Postgres"],
    ["failover redis --dry-run", "what would be done, and what is expected"],
  ],
  stack: "scale",
  words: 1,
  keptAs: ([store]) => `failover-${store}`,
  read: ({ words: [word = ""] }) => {
    if (!kinds.some((kind) => kind === word)) throw new SettingsError([unknownWord(word, kinds)]);
  },
  prepare: async ({ world }, [word]) => {
    const kind = word as StoreKind;
    const takeover = await takeoverOf(world, kind);
    const { name, how, prediction } = takeover;
    const watched = await witness(world, health[kind]);
    await expectServes(world, watched);
    return {
      prediction,
      what: `${how}: ${name}`,
      question: `${name}: ${how}? Then callers see: ${prediction.callers}.`,
      does: () => exercise(world, watched, takeover),
    };
  },
};
