/** A product in memory that is in trouble: every command has something to show, or to do. */
import type { Ran } from "../../ops/reach/reach";
import { certificate } from "../support/certificate";
import { FakeReach } from "./world";

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const template = (image: string, env: object[] = []) => ({
  metadata: { labels: { "pod-template-hash": "1" } },
  spec: { containers: [{ name: "app", image: `ghcr.io/acme/shop:${image}`, env }] },
});
const worker = [
  { name: "WORKER_QUEUE", value: "default" },
  { name: "WORKER_LIST", value: "{default}" },
];
const revision = (number: number) => ({ "deployment.kubernetes.io/revision": String(number) });

const app = {
  metadata: { name: "app", namespace: "app", uid: "app", annotations: revision(2) },
  spec: { replicas: 3, template: template("2.0.0") },
  status: {
    readyReplicas: 2,
    conditions: [
      { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", lastTransitionTime: ago(12) },
    ],
  },
};
const before = {
  metadata: { name: "app-1", namespace: "app", ownerReferences: [{ uid: "app" }], annotations: revision(1) },
  spec: { template: template("1.0.0") },
};
const workers = {
  metadata: { name: "worker-default", namespace: "app", uid: "worker" },
  spec: { replicas: 1, template: template("2.0.0", worker) },
  status: { readyReplicas: 1 },
};
const autoscaler = {
  metadata: {
    name: "app",
    annotations: {
      "tierstack.dev/minimum-before": "1",
      "tierstack.dev/minimum-raised": "2",
      "tierstack.dev/minimum-until": ago(30),
    },
  },
  spec: { minReplicas: 2, maxReplicas: 3, scaleTargetRef: { kind: "Deployment", name: "app" } },
  status: { currentReplicas: 3 },
};
const pod = {
  metadata: { name: "app-7d9c5b6f4-x2x9z", namespace: "app" },
  spec: { containers: [{ name: "app" }] },
  status: {
    containerStatuses: [
      {
        name: "app",
        restartCount: 6,
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { reason: "Error", finishedAt: ago(2) } },
      },
    ],
  },
};

const objects: Record<string, object[]> = {
  "/apis/apps/v1/namespaces/app/deployments": [app, workers],
  "/apis/apps/v1/namespaces/app/replicasets": [before],
  "/apis/autoscaling/v2/namespaces/app/horizontalpodautoscalers": [autoscaler],
  "/api/v1/namespaces/app/pods": [pod],
};

export const kube = {
  list: async (path: string) => (objects[path] ?? []) as never,
  get: async (path: string) => (path.endsWith("/horizontalpodautoscalers/app") ? autoscaler : app) as never,
  find: async (path: string) =>
    (path.endsWith("/configmaps/tierstack-ca")
      ? { data: { "ca.crt": certificate(20).certificate } }
      : undefined) as never,
  patch: async () => app as never,
  apply: async () => ({ metadata: { uid: "1" } }) as never,
  remove: async () => undefined,
};

const session = {
  pid: 4711,
  started: "1",
  user: "app",
  application: "app",
  address: "10.0.12.7",
  state: "idle in transaction",
  stateSeconds: 310,
  transactionSeconds: 320,
  waits: null,
  blockedBy: [],
  query:
    "SELECT id, name, email, credits FROM users WHERE id = $1 FOR UPDATE /* a transaction that calls a provider */",
};
const waits = { ...session, pid: 4712, state: "active", stateSeconds: 200, blockedBy: [4711], query: "UPDATE users" };
const held = {
  mode: { value: "read-only", otherwise: "normal", untilMs: Date.now() + 600_000 },
  limits: { value: 0.5, otherwise: 1, untilMs: Date.now() + 600_000 },
};

/** Its pods have certificates too. */
class Shop extends FakeReach {
  override async run(workload: unknown, command: readonly string[]): Promise<Ran> {
    if (command[0] !== "cat") return super.run(workload, command);
    return { code: 0, stdout: certificate(90).certificate, stderr: "" };
  }
}

export function reach(): FakeReach {
  const made = new Shop({
    switches: held,
    mode: held,
    limits: held,
    connections: { most: 13, reserved: 3, sessions: [session, ...Array(7).fill(waits)] },
    end: { ended: true },
    queues: [{ name: "default", waiting: 120, delayed: 3, active: 4, failed: 2, paused: true, oldestSeconds: 900 }],
    queue: { jobs: 120 },
    cache: { keys: 40 },
  });
  made.metrics = [
    {
      pod: "pgbouncer-6c9d8f7b5-abcde",
      text: [
        "pgbouncer_up 1",
        'pgbouncer_databases_max_connections{name="app"} 42',
        'pgbouncer_pools_client_active_connections{database="app",user="app"} 42',
        'pgbouncer_pools_client_waiting_connections{database="app",user="app"} 7',
        'pgbouncer_pools_client_maxwait_seconds{database="app",user="app"} 12',
        'pgbouncer_pools_server_active_connections{database="app",user="app"} 42',
      ].join("\n"),
    },
  ];
  return made;
}
