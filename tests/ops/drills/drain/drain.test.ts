import { setImmediate as turn } from "node:timers/promises";
import { expect } from "chai";
import { drills } from "../../../../ops/drills/drills";
import { Refused } from "../../../../ops/kube/kube";
import { runProgram } from "../../../../ops/run";
import { captured } from "../../../support/captured";
import { Cluster } from "../../cluster";
import { runOn, worldOf } from "../../world";
import { fastClock } from "../clock";
import { send, withoutExit } from "../interrupted";

const part = { "app.kubernetes.io/part-of": "tierstack" };
const deploymentOf = (namespace: string, name: string) => `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;

/**
 * A product on nodes, with a scheduler: a pod that is evicted comes again on another node that takes pods, and its Deployment
 * lacks it for some seconds.
 */
class Product extends Cluster {
  private next = 1;
  private readonly due: { at: number; make: () => void }[] = [];
  now = 0;
  readySeconds = 5;
  readonly clock = fastClock((now) => {
    this.now = now;
    for (const one of this.due.filter(({ at }) => at === now)) one.make();
  });

  node(name: string, zone?: string): this {
    this.put(`/api/v1/nodes/${name}`, {
      metadata: { labels: { ...(zone && { "topology.kubernetes.io/zone": zone }) } },
      spec: {},
      status: { conditions: [{ type: "Ready", status: "True" }] },
    });
    return this;
  }

  deployment(namespace: string, name: string, ...nodes: string[]): this {
    const [replicas, readyReplicas] = [nodes.length, nodes.length];
    const metadata = { name, namespace, labels: part };
    this.put(deploymentOf(namespace, name), { metadata, spec: { replicas }, status: { readyReplicas } });
    for (const node of nodes) this.pod(namespace, name, node);
    return this;
  }

  pod(namespace: string, name: string, nodeName: string, kind = "ReplicaSet"): void {
    const pod = `${name}-${this.next++}`;
    this.put(`/api/v1/namespaces/${namespace}/pods/${pod}`, {
      metadata: {
        namespace,
        uid: pod,
        labels: { ...part, "app.kubernetes.io/name": name },
        ownerReferences: [{ kind, uid: name, controller: true }],
      },
      spec: { nodeName, terminationGracePeriodSeconds: 60, containers: [] },
    });
  }

  override async list<T>(path: string, query?: Record<string, string>): Promise<T[]> {
    if (path !== "/api/v1/pods") return super.list(path, query);
    const all = this.paths().filter((one) => one.includes("/pods/"));
    return Promise.all(all.map((one) => this.get<T>(one)));
  }

  override onRemove = (path: string) => {
    const [, namespace = "", name = ""] = /namespaces\/(\w+)\/pods\/(\w+)-\d+$/.exec(path) ?? [];
    void this.lacks(namespace, name, 1);
    this.due.push({
      at: this.now + this.readySeconds,
      make: () => {
        void this.lacks(namespace, name, -1);
        this.pod(namespace, name, "other");
      },
    });
  };

  private async lacks(namespace: string, name: string, pods: number): Promise<void> {
    const at = deploymentOf(namespace, name);
    const found = (await this.get(at)) as { status: { readyReplicas: number } };
    this.put(at, { ...found, status: { readyReplicas: found.status.readyReplicas - pods } });
  }
}

const drill = (product: Product, ...argv: string[]) =>
  runOn({ kube: product, program: drills, clock: product.clock }, ...argv);

const shop = () =>
  new Product()
    .node("a", "us-east-1a")
    .node("b", "us-east-1b")
    .deployment("app", "app", "a", "b")
    .deployment("data", "pgbouncer", "a", "b");

const cordoned = (node: string, closed: true | null) =>
  `PATCH /api/v1/nodes/${node} {"spec":{"unschedulable":${closed}}}`;
const evicted = (namespace: string, pod: string) => `EVICT /api/v1/namespaces/${namespace}/pods/${pod}`;

describe("drills that drain nodes", () => {
  it("take the pods from a node, wait until all are ready elsewhere, and give the node back", async () => {
    const product = shop();
    product.pod("app", "agent", "a", "DaemonSet");
    const left = (name: string, metadata: object, phase: string) =>
      product.put(`/api/v1/namespaces/app/pods/${name}`, {
        metadata: { namespace: "app", labels: part, ...metadata },
        spec: { nodeName: "a", containers: [] },
        status: { phase },
      });
    left("static-1", { annotations: { "kubernetes.io/config.mirror": "1" } }, "Running");
    left("failed-1", {}, "Failed");
    left("done-1", {}, "Succeeded");
    const { code, stdout, stderr } = await drill(product, "node-loss", "a");
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(product.changes).to.deep.equal([
      cordoned("a", true),
      evicted("app", "app-1"),
      evicted("data", "pgbouncer-3"),
      cordoned("a", null),
    ]);
    // 180 s for a node, 60 + 120 s for a pod of each.
    expect(stdout).to.match(/^Prediction: RTO at most 6 min, RPO at most nothing\.\n/);
    expect(stdout).to.contain("2 pods moved.\nA pod of the application was ready all the time.\n");
    expect(stdout).to.match(/Measured: RTO 5 s, RPO not seen from here\.\nAs predicted\.\n$/);
  });

  it("choose a node with a pod of the application, and do nothing in a dry run", async () => {
    const product = new Product().node("z").node("b").deployment("app", "app", "b", "z");
    const { code, stdout } = await drill(product, "node-loss", "--dry-run");
    expect([code, product.changes]).to.deep.equal([0, []]);
    expect(stdout).to.match(/would drain b of 1 pod; nothing was changed\n$/);
  });

  it("predict that the pods of one workload move one by one", async () => {
    const product = new Product().node("a").node("b").deployment("app", "app", "a", "a", "b");
    const { stdout } = await drill(product, "node-loss", "a", "--dry-run");
    expect(stdout).to.match(/^Prediction: RTO at most 9 min, RPO at most nothing\.\n/);
  });

  it("are done where the autoscaler has removed the empty node, and evict nothing where it was gone before", async () => {
    const emptied = shop();
    emptied.allowsEviction = () => {
      emptied.delete("/api/v1/nodes/a");
      return true;
    };
    expect((await drill(emptied, "node-loss", "a")).code).to.equal(0);
    const gone = shop();
    gone.patch = () => Promise.reject(new Refused(404, "nodes a not found"));
    const { code, stderr } = await drill(gone, "node-loss", "a");
    expect([code, gone.changes]).to.deep.equal([1, []]);
    expect(stderr).to.contain("nodes a not found");
  });

  it("wait for a disruption budget, and say so", async () => {
    const product = shop();
    product.allowsEviction = (path) => !path.includes("pgbouncer") || product.now >= 10;
    const { code, stdout } = await drill(product, "node-loss", "a");
    expect(code).to.equal(0);
    expect(stdout).to.contain("2 pods moved; disruption budgets held some back for a time.\n");
    expect(product.changes.at(-2)).to.equal(evicted("data", "pgbouncer-3"));
  });

  it("end with 1 where pods do not come again, and give the node back all the same", async () => {
    const product = shop();
    product.readySeconds = 100_000;
    const { code, stdout } = await drill(product, "node-loss", "a");
    expect(code).to.equal(1);
    expect(stdout.replaceAll("\n", " ")).to.contain(
      "- after 12 min pods are not ready, or still on the nodes: app/app, data/pgbouncer",
    );
    expect(product.changes.at(-1)).to.equal(cordoned("a", null));
  });

  it("predict errors where the application has no pod elsewhere", async () => {
    const product = new Product().node("a").node("b").deployment("app", "app", "a");
    const { code, stdout } = await drill(product, "node-loss", "a");
    expect(code).to.equal(0);
    expect(stdout).to.contain("Callers: errors until a pod of the application is ready on another node");
    expect(stdout).to.contain("For 4 s, no pod of the application was ready.\n");
  });

  it("refuse to take the only node, to begin where not all is well, and a node that there is not", async () => {
    const alone = new Product().node("a").deployment("app", "app", "a");
    expect((await drill(alone, "node-loss")).stderr).to.equal(
      "nodes: given none but a takes pods; allowed: at least one more: a drill must not be an outage; fix: on a product of one node, " +
        "practise npm run drill -- restore: a lost node is replaced on the same volume\n",
    );
    const unwell = shop();
    unwell.put(deploymentOf("data", "pgbouncer"), {
      metadata: { name: "pgbouncer", labels: part },
      spec: { replicas: 2 },
      status: { readyReplicas: 1 },
    });
    const { code, stderr } = await drill(unwell, "node-loss", "a");
    expect([code, unwell.changes]).to.deep.equal([1, []]);
    expect(stderr).to.contain("the product: given not all pods of ").and.to.contain("fix: npm run ops -- status\n");
    expect(await drill(shop(), "node-loss", "node-9")).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: "command line: given node-9; allowed: a, b; fix: name one of them\n",
    });
  });

  const alone = (namespace: string, name: string) => ({ metadata: { namespace, name }, spec: { nodeName: "a" } });
  const withoutController =
    "pods of a: given data/postgres-restore, other-team/long-batch without a controller; allowed: pods that a Deployment, a " +
    "StatefulSet or another controller makes again; fix: wait until they have ended, or delete those that nobody needs\n";

  it("refuse where a pod would not come again, before anything is changed", async () => {
    const product = shop();
    product.put("/api/v1/namespaces/data/pods/postgres-restore", alone("data", "postgres-restore"));
    const batch = alone("other-team", "long-batch");
    const owned = { ...batch.metadata, ownerReferences: [{ kind: "Gang", uid: "1" }] };
    product.put("/api/v1/namespaces/other-team/pods/long-batch", { ...batch, metadata: owned });
    const ended = { ...alone("data", "psql"), status: { phase: "Succeeded" } };
    product.put("/api/v1/namespaces/data/pods/psql", ended);
    for (const words of [
      ["node-loss", "a"],
      ["zone-loss", "us-east-1a"],
    ])
      expect(await drill(product, ...words)).to.deep.equal({ code: 1, stdout: "", stderr: withoutController });
    expect(product.changes).to.deep.equal([]);
    // Another node has none.
    expect((await drill(product, "node-loss", "b", "--dry-run")).code).to.equal(0);
  });

  /** Runs a drill, and does something while its question is open. */
  const asked = (product: Product, confirm: (question: string) => Promise<boolean>) => {
    const world = worldOf({ kube: product, clock: product.clock });
    const outside = { connect: async () => world, confirm };
    return captured(() => runProgram(drills, ["node-loss", "a"], process.cwd(), outside));
  };

  it("evict nothing where such a pod comes while the question is open", async () => {
    const product = shop();
    const { code, stderr } = await asked(product, async () => {
      product.put("/api/v1/namespaces/data/pods/psql", alone("data", "psql"));
      return true;
    });
    expect([code, stderr.split(" without")[0]]).to.deep.equal([1, "pods of a: given data/psql"]);
    expect(product.changes).to.deep.equal([cordoned("a", true), cordoned("a", null)]);
  });

  it("ask with the namespaces whose pods are not the product's", async () => {
    const product = shop();
    product.pod("kube-system", "proxy", "a");
    product.pod("kube-system", "dns", "a");
    product.pod("kube-system", "agent", "a", "DaemonSet");
    product.pod("batch", "render", "a", "Job");
    product.pod("keda", "keda-operator", "a");
    let question = "";
    const { code } = await asked(product, async (text) => {
      question = text;
      return false;
    });
    expect([code, product.changes]).to.deep.equal([1, []]);
    expect(question).to.match(
      /: Drain a of 6 pods \(3 of them not the product's: 1 in batch, 2 in kube-system\)\? Then callers see: /,
    );
  });

  it("take every node of a zone at once, and leave the others", async () => {
    const product = shop().node("c", "us-east-1a").deployment("app", "worker-mail", "c", "b");
    const { code } = await drill(product, "zone-loss", "us-east-1a");
    expect(code).to.equal(0);
    expect(product.changes.slice(0, 2)).to.deep.equal([cordoned("a", true), cordoned("c", true)]);
    expect(product.changes.filter((one) => one.startsWith("EVICT"))).to.have.members([
      evicted("app", "app-1"),
      evicted("data", "pgbouncer-3"),
      evicted("app", "worker-mail-5"),
    ]);
    expect(product.changes.slice(-2)).to.deep.equal([cordoned("a", null), cordoned("c", null)]);
  });

  it("give every node of a zone back before an interrupt ends them, also one that is just being cordoned", async () => {
    const product = shop().node("c", "us-east-1a");
    const patch = product.patch.bind(product);
    product.patch = async (path, type, body) => {
      await turn();
      if (product.changes.length === 0) for (const signal of ["SIGINT", "SIGHUP", "SIGINT"] as const) send(signal);
      await turn();
      return patch(path, type, body);
    };
    let changes: string[] = [];
    const codes = await withoutExit(async (exited) => {
      const running = drill(product, "zone-loss", "us-east-1a");
      await exited;
      changes = product.changes.filter((one) => one.startsWith("PATCH"));
      await running;
    });
    expect(codes).to.deep.equal([130]);
    expect(changes).to.deep.equal([cordoned("a", true), cordoned("c", true), cordoned("a", null), cordoned("c", null)]);
  });

  it("name the nodes that stay cordoned, with what helps, and uncordon the others", async () => {
    const product = shop().node("c", "us-east-1a").node("d", "us-east-1a");
    const patch = product.patch.bind(product);
    product.patch = async (path, type, body) => {
      if (path.endsWith("/c") && JSON.stringify(body).includes("null")) throw new Refused(403, "nodes c is forbidden");
      if (path.endsWith("/d") && JSON.stringify(body).includes("null")) throw new Refused(404, "nodes d not found");
      return patch(path, type, body);
    };
    const { code, stderr } = await drill(product, "zone-loss", "us-east-1a");
    expect([code, stderr]).to.deep.equal([
      1,
      "nodes: given c, still cordoned (nodes c is forbidden); allowed: nodes that take pods; fix: kubectl uncordon c\n",
    ]);
    expect(product.changes.at(-1)).to.equal(cordoned("a", null));
  });

  it("name a zone that is missing before anything is connected", async () => {
    const outside = {
      connect: () => Promise.reject(new Error("connected")),
      confirm: () => Promise.reject(new Error("asked")),
    };
    const { code, stderr } = await captured(() => runProgram(drills, ["zone-loss", "-s", "scale"], ".", outside));
    expect([code, stderr]).to.deep.equal([
      2,
      "command line: given nothing; allowed: an availability zone such as us-east-1a; fix: name the zone: kubectl get nodes " +
        "-L topology.kubernetes.io/zone lists them\n",
    ]);
  });

  it("refuse a zone that there is not, and a product in one zone", async () => {
    expect((await drill(shop(), "zone-loss", "us-east-1c")).stderr).to.match(
      /^command line: given us-east-1c; allowed: us-east-1a, us-east-1b; fix: /,
    );
    const one = new Product().node("a", "us-east-1a").node("b", "us-east-1a");
    expect((await drill(one, "zone-loss", "us-east-1a")).stderr).to.equal(
      "nodes: given those of one zone, us-east-1a; allowed: nodes in two zones or more; fix: from Growth on, the tiers have them\n",
    );
  });
});
