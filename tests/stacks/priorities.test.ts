import { expect } from "chai";
import { priorityClasses, type Role } from "../../components/priorities/classes";
import { priorities } from "../../components/workers/queue";
import { type StackObject, stackObjects, stacks } from "../support/objects";
import { keepingLogs } from "../support/observed";
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
  it("let what runs on each node come before the application, but not before the pods of others", async () => {
    const classesOf = async (stack: string) => {
      const objects = (await stackObjects(stack, keepingLogs(stack))).map(({ object }: StackObject) => object);
      const names = objects.filter(({ kind }) => kind === "PriorityClass").map(({ metadata }) => metadata.name);
      const used = ["DaemonSet/node-exporter", "DaemonSet/log-agent", "Deployment/monitor", "Deployment/log-store"].map(
        (workload) =>
          objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === workload)?.spec.template.spec
            .priorityClassName,
      );
      return { exists: names.includes("tierstack-agents"), used };
    };
    const [agents, application] = ["tierstack-agents", "tierstack-application"];
    for (const stack of ["startup", "growth"])
      expect(await classesOf(stack), stack).to.deep.equal({
        exists: true,
        used: [agents, agents, application, application],
      });
    expect(await classesOf("local")).to.deep.equal({
      exists: false,
      used: [application, application, application, application],
    });
  });

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
          .filter((role) => role !== "agents")
          .map((role) => `tierstack-${role}`)
          .sort(),
      );
    });
});
