import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { expect } from "chai";
import { egressPolicy } from "../../../components/app/network-policies";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { Keda } from "../../../components/workers/keda";
import { priorities, type Queue } from "../../../components/workers/queue";
import { Workers, type WorkersArgs } from "../../../components/workers/workers";
import type { WorkersSize } from "../../../tiers";
import { recorded, Secret } from "../../support/record";

const queue = (name: string, given: Partial<Queue> = {}): Queue => ({
  name,
  priority: "normal",
  concurrency: 5,
  maxJobSeconds: 300,
  ...given,
});

const size: WorkersSize = {
  minReplicas: 1,
  maxReplicas: 5,
  scaler: "cpu",
  queueHigh: 100,
  container: { cpuMillicores: 200, memoryMiB: 256 },
};
const onQueue: WorkersSize = { ...size, scaler: "queue" };

function newKeda(provider: k8s.Provider): Keda {
  const workersNamespace = existingNamespace("app");
  return new Keda("keda", { cluster: { provider }, namespace: existingNamespace("keda"), workersNamespace });
}

function run(given: Partial<WorkersArgs> = {}, { keda = false, preview = false } = {}) {
  return recorded(
    () => {
      const provider = new k8s.Provider("kubernetes", {});
      const password = new random.RandomPassword("password", { length: 32, special: false });
      new Workers("workers", {
        size,
        queues: [queue("emails")],
        image: "ghcr.io/acme/shop:1.4.2",
        user: 1000,
        port: 3000,
        healthPath: "/healthz",
        environment: {
          env: [{ name: "REDIS_CLUSTER", value: "true" }],
          envFrom: [{ secretRef: { name: "app-env" } }],
          volumes: [{ name: "authority", configMap: { name: "tierstack-ca" } }],
          mounts: [{ name: "authority", mountPath: "/etc/tierstack/ca", readOnly: true }],
          checksum: pulumi.output("environment-checksum"),
        },
        cluster: { provider, workerScheduling: { nodeSelector: {}, tolerations: [] } },
        namespace: existingNamespace("app"),
        redis: { address: "redis:6379", password: password.result, ca: "PEM" },
        egress: { storesNamespace: "data" },
        keda: keda ? newKeda(provider) : undefined,
        ...given,
      });
    },
    { preview },
  );
}

const specOf = async (given: Partial<WorkersArgs> = {}, name = "emails") =>
  (await run(given)).inputs(`workers/pool-${name}`).spec;
const shared = ["account", "policy"];

describe("Workers", () => {
  it("create one pool per queue, with an autoscaler on CPU", async () => {
    const all = await run({ queues: [queue("emails"), queue("images")] });
    expect(all.problems).to.deep.equal([]);
    const pools = ["budget", "cpu-scaler", "pool"].flatMap((kind) => [`${kind}-emails`, `${kind}-images`]);
    const paths = [...pools, ...shared].map((name) => `workers/${name}`).sort();
    expect(all.paths.filter((path) => path.startsWith("workers/"))).to.deep.equal(paths);
    for (const path of paths) {
      expect(all.at(path), path).to.deep.include({ parent: "workers", provider: "kubernetes" });
      expect(all.inputs(path).metadata.namespace, path).to.equal("app");
    }
    for (const kind of ["budget", "cpu-scaler", "pool"])
      expect(all.inputs(`workers/${kind}-emails`).metadata.name, kind).to.equal("worker-emails");
  });

  it("create nothing without a queue", async () => {
    const all = await run({ queues: [], size: onQueue });
    expect(all.paths).to.deep.equal(["kubernetes", "password", "workers"]);
  });

  it("plan with every computed output unknown", async () => {
    const all = await run({ size: onQueue }, { keda: true, preview: true });
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.include.members(["workers/pool-emails", "workers/queue-scaler-emails"]);
  });

  it("never collide, for any names of queues", async () => {
    const names = ["policy", "account", "a", "a-budget", "pool-a", "queues-secret", "release"];
    for (const scaler of ["cpu", "queue"] as const) {
      const all = await run({ size: { ...size, scaler }, queues: names.map((name) => queue(name)) });
      expect(all.problems).to.deep.equal([]);
      expect(new Set(all.paths).size).to.equal(all.paths.length);
    }
  });

  it("create as many resources per queue for a hundred as for ten", async () => {
    const made = async (queues: number) =>
      (await run({ size: onQueue, queues: Array.from({ length: queues }, (_, at) => queue(`q${at}`)) })).paths.length;
    expect((await made(100)) - (await made(10))).to.equal(90 * 3);
  });
});

describe("a worker pool", () => {
  it("runs the application's image with its queue in the environment", async () => {
    const spec = await specOf({ queues: [queue("emails", { concurrency: 20 })] });
    expect(spec).not.to.have.property("replicas");
    const [container, ...others] = spec.template.spec.containers;
    expect(others).to.deep.equal([]);
    expect(container).to.deep.include({
      image: "ghcr.io/acme/shop:1.4.2",
      env: [
        { name: "REDIS_CLUSTER", value: "true" },
        { name: "PORT", value: "3000" },
        { name: "WORKER_QUEUE", value: "emails" },
        { name: "WORKER_CONCURRENCY", value: "20" },
        { name: "WORKER_LIST", value: "{emails}:emails:wait" },
      ],
      envFrom: [{ secretRef: { name: "app-env" } }],
      resources: { requests: { cpu: "200m", memory: "256Mi" }, limits: { memory: "256Mi" } },
    });
    expect(container).not.to.have.property("command");
    expect(spec.template.metadata.annotations).to.deep.equal({ "checksum/config": "environment-checksum" });
  });

  it("runs the queue's command on the queue's list", async () => {
    const command = ["node", "worker.js"];
    const [container] = (await specOf({ queues: [queue("emails", { command, list: "jobs" })] })).template.spec
      .containers;
    expect(container.command).to.deep.equal(command);
    expect(container.env).to.deep.include({ name: "WORKER_LIST", value: "jobs" });
  });

  it("pulls a private image with a Secret, and a public one without", async () => {
    expect((await specOf({ pullSecret: "app-registry" })).template.spec.imagePullSecrets).to.deep.equal([
      { name: "app-registry" },
    ]);
    expect((await specOf()).template.spec).not.to.have.property("imagePullSecrets");
  });

  it("has the queue's own image and size, if any", async () => {
    const queues = [queue("emails", { image: "ghcr.io/acme/mailer:2", memoryMiB: 512 }), queue("images")];
    const all = await run({ queues });
    const containerOf = (name: string) => all.inputs(`workers/pool-${name}`).spec.template.spec.containers[0];
    expect(containerOf("emails")).to.deep.include({
      image: "ghcr.io/acme/mailer:2",
      resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "512Mi" } },
    });
    expect(containerOf("images").image).to.equal("ghcr.io/acme/shop:1.4.2");
  });

  it("repeats no variable", async () => {
    const environment = {
      env: [{ name: "WORKER_QUEUE", value: "the user's" }],
      envFrom: [],
      volumes: [],
      mounts: [],
      checksum: pulumi.output(""),
    };
    const [container] = (await specOf({ environment })).template.spec.containers;
    const queues = container.env.filter(({ name }: { name: string }) => name === "WORKER_QUEUE");
    expect(queues).to.deep.equal([{ name: "WORKER_QUEUE", value: "emails" }]);
  });

  it("is probed on the application's port and path", async () => {
    const [container] = (await specOf()).template.spec.containers;
    expect(container.ports).to.deep.equal([{ name: "health", containerPort: 3000 }]);
    expect(container.readinessProbe.httpGet).to.deep.equal({ path: "/healthz", port: "health" });
    for (const kind of ["startupProbe", "livenessProbe"]) {
      expect(container[kind].tcpSocket, kind).to.deep.equal({ port: "health" });
      expect(container[kind], kind).not.to.have.property("httpGet");
    }
    const [live] = (await specOf({ livePath: "/livez" })).template.spec.containers;
    for (const kind of ["startupProbe", "livenessProbe"])
      expect(live[kind].httpGet, kind).to.deep.equal({ path: "/livez", port: "health" });
    // A worker that responds late, but within a minute, lives.
    const { periodSeconds, failureThreshold } = container.livenessProbe;
    expect(periodSeconds * failureThreshold).to.equal(60);
  });

  it("has its longest job and 30 seconds to terminate", async () => {
    const all = await run({ queues: [queue("emails", { maxJobSeconds: 3600 })] });
    const { spec } = all.inputs("workers/pool-emails");
    // Pulumi itself gives a rollout ten minutes.
    expect(all.at("workers/pool-emails").options.customTimeouts).to.deep.equal({ create: "4230s", update: "4230s" });
    expect(spec.template.spec.terminationGracePeriodSeconds).to.equal(3630);
    expect(spec.progressDeadlineSeconds).to.equal(4230);
    expect(spec.strategy).to.deep.equal({ type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
  });

  it("is restricted and spread over zones and nodes, without a token", async () => {
    const all = await run();
    const { spec } = all.inputs("workers/pool-emails");
    const pod = spec.template.spec;
    const selector = { "app.kubernetes.io/name": "worker-emails", "app.kubernetes.io/part-of": "tierstack" };
    expect(spec.selector).to.deep.equal({ matchLabels: selector });
    expect(spec.template.metadata.labels).to.include({ ...selector, "app.kubernetes.io/component": "worker" });
    expect(pod).to.deep.include({
      serviceAccountName: "worker",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
    });
    expect(all.inputs("workers/account").automountServiceAccountToken).to.equal(false);
    expect(pod.securityContext).to.include({ runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000 });
    expect(pod.securityContext.seccompProfile).to.deep.equal({ type: "RuntimeDefault" });
    expect(pod.containers[0].securityContext).to.deep.equal({
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(pod.topologySpreadConstraints.map(({ topologyKey }: { topologyKey: string }) => topologyKey)).to.deep.equal([
      "topology.kubernetes.io/zone",
      "kubernetes.io/hostname",
    ]);
    expect(pod.containers[0].volumeMounts).to.deep.equal([
      { name: "authority", mountPath: "/etc/tierstack/ca", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ]);
    expect(pod.volumes).to.deep.equal([
      { name: "authority", configMap: { name: "tierstack-ca" } },
      { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
    ]);
  });

  it("runs on the cluster's worker nodes, or anywhere if it has none", async () => {
    const anywhere = (await specOf()).template.spec;
    expect(anywhere).not.to.have.any.keys("nodeSelector", "tolerations");
    const workerScheduling = {
      nodeSelector: { "tierstack/pool": "workers" },
      tolerations: [{ key: "tierstack/workers", operator: "Exists", effect: "NoSchedule" }],
    };
    const all = await run({ cluster: { provider: undefined as never, workerScheduling } });
    expect(all.inputs("workers/pool-emails").spec.template.spec).to.deep.include(workerScheduling);
  });

  describe("where some nodes are spot", () => {
    const workerScheduling = {
      nodeSelector: { "tierstack/pool": "workers" },
      tolerations: [],
      onDemandSelector: { "tierstack/capacity": "on-demand" },
    };
    const ofCapacity = async (capacity?: "spot" | "on-demand") => {
      const cluster = { provider: undefined as never, workerScheduling };
      const all = await run({ cluster, queues: [queue("emails", { capacity })] });
      const { nodeSelector } = all.inputs("workers/pool-emails").spec.template.spec;
      return { nodeSelector, maxUnavailable: all.inputs("workers/budget-emails").spec.maxUnavailable };
    };

    it("runs on any, and lets a node's workers be evicted together, within the notice of the spot market", async () => {
      const anywhere = { nodeSelector: workerScheduling.nodeSelector, maxUnavailable: "100%" };
      expect(await ofCapacity()).to.deep.equal(anywhere);
      expect(await ofCapacity("spot")).to.deep.equal(anywhere);
    });

    it("keeps to on-demand nodes if its queue asks for them, and is evicted one by one", async () => {
      expect(await ofCapacity("on-demand")).to.deep.equal({
        nodeSelector: { "tierstack/pool": "workers", "tierstack/capacity": "on-demand" },
        maxUnavailable: 1,
      });
    });

    it("ignores the capacity of a queue where the nodes are all alike", async () => {
      const all = await run({ queues: [queue("emails", { capacity: "on-demand" })] });
      expect(all.inputs("workers/pool-emails").spec.template.spec).not.to.have.property("nodeSelector");
    });
  });

  it("has a disruption budget that lets a pool of one be evicted", async () => {
    expect((await run()).inputs("workers/budget-emails").spec).to.deep.equal({
      maxUnavailable: 1,
      selector: {
        matchLabels: { "app.kubernetes.io/name": "worker-emails", "app.kubernetes.io/part-of": "tierstack" },
      },
    });
  });
});

describe("priority of workers", () => {
  it("is the queue's, and the cluster's without classes", async () => {
    const queues = priorities.map((priority) => queue(`${priority}-queue`, { priority }));
    const priorityClassNames = { high: "first", normal: "then", low: "last" };
    for (const priority of priorities) {
      const { template } = await specOf({ queues, priorityClassNames }, `${priority}-queue`);
      expect(template.spec.priorityClassName).to.equal(priorityClassNames[priority]);
    }
    expect((await specOf()).template.spec).not.to.have.property("priorityClassName");
  });
});

describe("traffic of workers", () => {
  const pods = { "app.kubernetes.io/component": "worker", "app.kubernetes.io/part-of": "tierstack" };

  it("is the application's egress and no ingress", async () => {
    const all = await run({ queues: [queue("emails"), queue("images")] });
    expect(all.ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy")).to.have.lengthOf(1);
    expect(all.inputs("workers/policy").spec).to.deep.equal({
      ...egressPolicy(pods, { storesNamespace: "data" }),
      policyTypes: ["Ingress", "Egress"],
    });
  });

  it("reaches managed Redis in the VPC", async () => {
    const { egress } = (await run({ egress: { storesNamespace: "data", redisCidr: "10.20.0.0/16" } })).inputs(
      "workers/policy",
    ).spec;
    expect(egress).to.deep.include({
      to: [{ ipBlock: { cidr: "10.20.0.0/16" } }],
      ports: [{ protocol: "TCP", port: 6379 }],
    });
  });
});

describe("autoscalers of workers", () => {
  it("on CPU let KEDA take over", async () => {
    const all = await run();
    const { metadata, spec } = all.inputs("workers/cpu-scaler-emails");
    expect(metadata.annotations).to.deep.equal({ "validations.keda.sh/hpa-ownership": "false" });
    expect(spec).to.deep.include({ minReplicas: 1, maxReplicas: 5 });
    expect(spec.scaleTargetRef.name).to.equal("worker-emails");
    expect(all.paths.filter((path) => path.includes("queue"))).to.deep.equal([]);
  });

  it("on queues are created after KEDA, with credentials for Redis", async () => {
    const all = await run({ size: onQueue, queues: [queue("emails"), queue("images")] }, { keda: true });
    expect(all.paths.filter((path) => path.includes("scaler"))).to.deep.equal([
      "workers/queue-scaler-emails",
      "workers/queue-scaler-images",
    ]);
    for (const path of ["workers/queue-scaler-emails", "workers/queues-authentication"])
      expect(all.at(path).dependsOn, path).to.include("keda/release");
    const scaler = all.inputs("workers/queue-scaler-emails");
    expect(scaler).to.include({ apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject" });
    expect(scaler.metadata).to.include({ name: "worker-emails", namespace: "app" });
    const [trigger] = scaler.spec.triggers;
    expect(trigger.metadata).to.deep.equal({
      addresses: "redis:6379",
      listName: "{emails}:emails:wait",
      listLength: "25",
      enableTLS: "true",
    });
    expect(trigger.authenticationRef).to.deep.equal({ name: "worker-queues" });
  });

  it("keep the password in a Secret", async () => {
    const all = await run({ size: onQueue }, { keda: true });
    expect(all.at("workers/queues-secret").inputs.stringData).to.be.instanceOf(Secret);
    const { stringData } = all.inputs("workers/queues-secret");
    expect(stringData.ca).to.equal("PEM");
    const names = all.resources
      .filter(({ path }) => path.startsWith("workers/") && path !== "workers/queues-secret")
      .filter(({ path }) => JSON.stringify(all.inputs(path)).includes(stringData.password));
    expect(names).to.deep.equal([]);
    expect(all.inputs("workers/queues-authentication")).to.deep.include({
      apiVersion: "keda.sh/v1alpha1",
      kind: "TriggerAuthentication",
      spec: {
        secretTargetRef: [
          { parameter: "password", name: "worker-queues", key: "password" },
          { parameter: "ca", name: "worker-queues", key: "ca" },
        ],
      },
    });
  });
});
