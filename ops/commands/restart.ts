import type { Command } from "../command";
import { expectNone, surplus, wordsProblem } from "../command";
import { apps, targetNamed } from "../kube/workloads";
import { commandIn } from "../world";

/** The annotation of `kubectl rollout restart`. */
const annotation = "kubectl.kubernetes.io/restartedAt";

export const restart: Command = {
  name: "restart",
  summary: "restart the application, PgBouncer or a queue's workers, pod by pod",
  usage: ["restart app|pgbouncer|QUEUE"],
  about: [
    "Replaces the pods of a Deployment as in a rollout: each new pod is ready before an old one leaves. A worker finishes " +
      "its jobs first. pulumi up does not undo it, and does not conflict with it.",
  ],
  options: [["app|pgbouncer|QUEUE", "the application, PgBouncer, or the workers of a queue of tierstack:queues"]],
  examples: [["restart app", "the application"]],
  flags: [],
  switches: [],
  changes: true,
  read: (given) => {
    const [name] = given.words;
    const problems = surplus(given, 1);
    if (name === undefined) problems.push(wordsProblem("", "app, pgbouncer or a queue", "write restart app"));
    expectNone(problems);
    return async ({ world, change }) => {
      const { namespace, deployment } = await targetNamed(world, name as string);
      const path = `${apps(namespace)}/deployments/${deployment}`;
      await change({
        what: `restart the pods of ${namespace}/${deployment}`,
        question: `Restart the pods of ${namespace}/${deployment}, one by one?`,
        does: async () => {
          const annotations = { [annotation]: new Date().toISOString() };
          await world.kube.patch(path, "merge", { spec: { template: { metadata: { annotations } } } });
          return [
            `restarting ${namespace}/${deployment}: ${commandIn(world, "status")} shows whether its pods are ready`,
          ];
        },
      });
      return 0;
    };
  },
};
