import { expect } from "chai";
import { clusterFindings } from "../../../ops/status/workloads";
import type { World } from "../../../ops/world";

const since = "2026-01-01T00:00:00Z";
const sinceMs = Date.parse(since);

/** What is found in a cluster whose namespace `app` has these objects, by the end of their path. */
const findings = (objects: Record<string, object[]>, nowMs = sinceMs + 1) => {
  const kube = {
    list: async (path: string) =>
      path.includes("/namespaces/data/")
        ? (objects[`data/${path.split("/").at(-1)}`] ?? [])
        : (objects[path.split("/").at(-1) as string] ?? []),
    find: async () => undefined,
  };
  return clusterFindings({ kube, namespaces: { app: "app", data: "data" } } as unknown as World, nowMs);
};
const metadata = { name: "x", namespace: "app" };
const condition = (type: string, status: string, more = {}) => ({ type, status, lastTransitionTime: since, ...more });

describe("what the API server says of the product", () => {
  it("is nothing where all is well", async () => {
    const pod = {
      metadata,
      status: {
        conditions: [condition("PodScheduled", "True")],
        containerStatuses: [{ name: "app", restartCount: 0 }],
      },
    };
    expect(
      await findings({
        nodes: [
          { metadata, status: { conditions: [condition("Ready", "True"), condition("MemoryPressure", "False")] } },
        ],
        deployments: [{ metadata, spec: { replicas: 2 }, status: { readyReplicas: 2 } }],
        pods: [pod],
        jobs: [{ metadata, status: { conditions: [condition("Complete", "True")] } }],
        cronjobs: [{ metadata, spec: {} }],
        horizontalpodautoscalers: [
          { metadata, spec: { maxReplicas: 3, scaleTargetRef: { name: "app" } }, status: { currentReplicas: 2 } },
        ],
      }),
    ).to.deep.equal([]);
  });

  it("names nodes, rollouts and pods that are not well, since when, and what helps", async () => {
    const status = { readyReplicas: 1, conditions: [condition("Progressing", "False")] };
    const waits = {
      name: "app",
      restartCount: 4,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { finishedAt: since } },
    };
    const killed = {
      name: "app",
      restartCount: 1,
      lastState: { terminated: { reason: "OOMKilled", finishedAt: since } },
    };
    const found = await findings({
      nodes: [
        { metadata, status: { conditions: [condition("Ready", "Unknown")] } },
        { metadata, status: { conditions: [condition("Ready", "True"), condition("DiskPressure", "True")] } },
        { metadata, spec: { unschedulable: true }, status: { conditions: [condition("Ready", "True")] } },
      ],
      deployments: [
        { metadata, spec: { replicas: 2 }, status },
        {
          metadata,
          spec: { replicas: 2 },
          status: { readyReplicas: 0, conditions: [condition("Available", "False")] },
        },
      ],
      pods: [
        { metadata, status: { containerStatuses: [waits] } },
        { metadata, status: { containerStatuses: [killed] } },
        { metadata, status: { conditions: [condition("PodScheduled", "False", { message: "0/1 nodes" })] } },
      ],
      jobs: [{ metadata, status: { conditions: [condition("Failed", "True", { reason: "BackoffLimitExceeded" })] } }],
      cronjobs: [{ metadata, spec: { suspend: true } }],
    });
    const describePod = "kubectl -n app describe pod";
    expect(found).to.deep.equal(
      [
        { what: "node x is not ready", sinceMs, help: "kubectl describe node x" },
        { what: "node x has DiskPressure", sinceMs, help: "kubectl describe node x" },
        { what: "node x is cordoned: it takes no pods", sinceMs: undefined, help: "kubectl uncordon x" },
        {
          what: "deployment app/x: 1 of 2 pods are ready, and its rollout is stuck",
          sinceMs,
          help: { ops: "rollback x" },
        },
        { what: "deployment app/x: 0 of 2 pods are ready", sinceMs, help: describePod },
        { what: "pod app/x: app CrashLoopBackOff, 4 restarts", sinceMs, help: `${describePod} x` },
        { what: "pod app/x: app ran out of memory, 1 restarts", sinceMs, help: `${describePod} x` },
        { what: "pod app/x: no node has room (0/1 nodes)", sinceMs, help: `${describePod} x` },
        { what: "job app/x failed (BackoffLimitExceeded)", sinceMs, help: "kubectl -n app logs job/x" },
        {
          what: "schedule app/x is suspended",
          sinceMs: undefined,
          help: `kubectl -n app patch cronjob x -p '{"spec":{"suspend":false}}'`,
        },
      ].map(({ sinceMs: at, ...rest }) => (at === undefined ? rest : { ...rest, sinceMs: at })),
    );
  });

  it("rolls back what has releases: the application and workers, not PgBouncer", async () => {
    const stuck = (namespace: string, name: string) => ({
      metadata: { name, namespace },
      spec: {},
      status: { conditions: [condition("Progressing", "False")] },
    });
    const found = await findings({
      deployments: [stuck("app", "app"), stuck("app", "worker-mail")],
      "data/deployments": [stuck("data", "pgbouncer")],
    });
    expect(found.map(({ help }) => help)).to.deep.equal([
      { ops: "rollback app" },
      { ops: "rollback mail" },
      "kubectl -n data describe pod",
    ]);
  });

  it("names an autoscaler at its maximum, and a raised minimum", async () => {
    const annotations = {
      "tierstack.dev/minimum-before": "1",
      "tierstack.dev/minimum-raised": "3",
      "tierstack.dev/minimum-until": since,
    };
    const horizontalpodautoscalers = [
      {
        metadata: { ...metadata, annotations },
        spec: { minReplicas: 3, maxReplicas: 3, scaleTargetRef: { name: "worker-mail" } },
        status: { currentReplicas: 3 },
      },
    ];
    const full = { what: "worker-mail runs 3 pods, its maximum", help: "docs/runbooks/overload.md" };
    const minimum = {
      what: "the minimum of worker-mail is raised from 1 to 3",
      help: { ops: "scale mail off" },
    };
    const due = { ...minimum, what: `${minimum.what}, and its end is overdue`, sinceMs };
    const late = sinceMs + 5 * 60_000;
    expect(await findings({ horizontalpodautoscalers }, late - 1)).to.deep.equal([full, minimum]);
    expect(await findings({ horizontalpodautoscalers }, late)).to.deep.equal([full, due]);
    // A pulumi up has set another minimum since: there is nothing to end.
    const [one] = horizontalpodautoscalers;
    const set = [{ ...one, spec: { ...one?.spec, minReplicas: 2 } }];
    expect(await findings({ horizontalpodautoscalers: set }, late)).to.deep.equal([full]);
  });
});
