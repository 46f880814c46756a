import { expect } from "chai";
import { priorityClasses, type Role } from "../../components/priorities/classes";
import { priorities } from "../../components/workers/queue";
import { type StackObject, stackObjects, stacks } from "../support/objects";
import { podTemplatesOf } from "../support/pod-templates";

const small = { cpuMillicores: 50, memoryMiB: 48 };

/** Settings with a queue of each priority and a schedule, small enough for any node. */
const withEverything = {
  "tierstack:queues": JSON.stringify(priorities.map((priority) => ({ name: priority, priority, ...small }))),
  "tierstack:app": JSON.stringify({
    migrate: { command: ["migrate"], ...small },
    schedules: [{ name: "report", schedule: "15 3 * * *", command: ["report"], ...small }],
  }),
  "tierstack:workers": '{"maxReplicas": 1}',
};

/** The class of each workload. A workload that is not listed has none, which fails. */
const expected: Record<string, Role> = {
  "StatefulSet/postgres": "stores",
  "StatefulSet/redis": "stores",
  "Job/postgres-bootstrap": "stores",
  "Deployment/pgbouncer": "pooler",
  "Deployment/app": "application",
  "Job/migrate": "application",
  "CronJob/schedule-report": "application",
  "Deployment/worker-high": "workers-high",
  "Deployment/worker-normal": "workers-normal",
  "Deployment/worker-low": "workers-low",
};

const inCluster = ["StatefulSet/postgres", "StatefulSet/redis"];

describe("priorities of a stack's pods", () => {
  for (const stack of stacks())
    it(`${stack}: every pod has the class of its workload, and every class exists`, async () => {
      const objects = (await stackObjects(stack, withEverything)).map(({ object }: StackObject) => object);
      const found = objects.flatMap((object) =>
        podTemplatesOf(object).map(({ spec }): [string, string] => [
          // The name of a Job ends in a hash.
          `${object.kind}/${object.metadata.name.replace(/-[0-9a-f]{8}$/, "")}`,
          spec.priorityClassName,
        ]),
      );
      const managed = !objects.some(({ kind }) => kind === "StatefulSet");
      const workloads = Object.entries(expected).filter(([workload]) => !managed || !inCluster.includes(workload));
      expect(Object.fromEntries(found)).to.deep.equal(
        Object.fromEntries(workloads.map(([workload, role]) => [workload, `tierstack-${role}`])),
      );
      const classes = objects.filter(({ kind }) => kind === "PriorityClass");
      expect(classes.map(({ metadata }) => metadata.name).sort()).to.deep.equal(
        Object.keys(priorityClasses)
          .map((role) => `tierstack-${role}`)
          .sort(),
      );
    });
});
