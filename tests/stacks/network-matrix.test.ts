import { expect } from "chai";
import { networkFacts } from "../support/network/facts";
import { faults, nameLabel } from "../support/network/faults";
import { matrixTable } from "../support/network/matrix";
import { networkProblems } from "../support/network/problems";
import { identityOf, type KubernetesObject, stackObjects, stacks } from "../support/objects";
import { keepingLogs, observed } from "../support/observed";
import { podTemplatesOf } from "../support/pod-templates";
import { completeMail } from "../support/settings";

/** As an API server answers: with fields of its own, and with what its controllers made. */
function readBack(object: KubernetesObject): KubernetesObject[] {
  const { name, namespace } = object.metadata;
  const metadata = {
    ...object.metadata,
    labels: { ...object.metadata.labels, ...(object.kind === "Namespace" && { "kubernetes.io/metadata.name": name }) },
    uid: "5f2b6a1e",
    resourceVersion: "42",
    managedFields: [{ manager: "pulumi" }],
  };
  const pods = podTemplatesOf(object).map((pod) => ({
    apiVersion: "v1",
    kind: "Pod",
    ...pod,
    metadata: { ...pod.metadata, name: `${name}-0`, namespace, ownerReferences: [{ kind: object.kind, name }] },
  }));
  return [{ ...object, metadata, status: {} }, ...pods];
}

describe("network matrix", () => {
  const planned = new Map<string, KubernetesObject[]>();
  const objectsOf = (stack: string) => structuredClone(planned.get(stack) as KubernetesObject[]);

  before(async () => {
    for (const stack of stacks())
      planned.set(
        stack,
        (await stackObjects(stack)).map(({ object }) => object),
      );
  });

  for (const stack of stacks())
    it(`${stack}: everybody reaches whom they shall, and nobody else`, () => {
      expect(networkProblems(objectsOf(stack), networkFacts(stack))).to.deep.equal([]);
    });

  it("holds of objects that an API server has filled in", () => {
    expect(networkProblems(objectsOf("mvp").flatMap(readBack), networkFacts("mvp"))).to.deep.equal([]);
  });

  it("holds with another network and without workers", async () => {
    const overrides = { "tierstack:network": '{"cidr": "10.77.0.0/16"}', "tierstack:queues": "[]" };
    const objects = (await stackObjects("growth", overrides)).map(({ object }) => object);
    expect(networkProblems(objects, networkFacts("growth", overrides))).to.deep.equal([]);
    const elsewhere = networkProblems(objects, networkFacts("growth", { "tierstack:queues": "[]" }));
    expect(elsewhere).to.include(
      "private subnet 0 -> app/app:10443 is closed, and should be open (ingress: none of app/app-ingress, app/default-deny)",
    );
  });

  it("holds with connections of the application's own", async () => {
    const schedules = [{ name: "report", schedule: "15 3 * * *", command: ["report"] }];
    const migrate = { command: ["migrate"], memoryMiB: 64 };
    const app = {
      port: 9898,
      schedules,
      migrate,
      egress: [{ ports: [587] }, { cidr: "203.0.113.0/24", ports: [5432, 9092] }],
    };
    // MVP's node has room for one worker beside the report.
    const workers = { maxReplicas: 1 };
    const overrides = { "tierstack:app": JSON.stringify(app), "tierstack:workers": JSON.stringify(workers) };
    for (const stack of ["mvp", "growth"]) {
      const objects = (await stackObjects(stack, overrides)).map(({ object }) => object);
      expect(networkProblems(objects, networkFacts(stack, overrides)), stack).to.deep.equal([]);
      const facts = networkFacts(stack, overrides);
      const moved = facts.egress.map((one) => (one.cidr === "any" ? one : { ...one, cidr: "192.0.2.0/24" }));
      const found = networkProblems(objects, { ...facts, egress: moved });
      expect(found, stack).to.include(
        "app/app -> egress 192.0.2.0/24:5432,9092 is closed, and should be open (egress: none of app/allow-dns, " +
          "app/app-egress, app/default-deny)",
      );
      const narrowed = facts.egress.map((one) => (one.cidr === "any" ? { ...one, cidr: "192.0.2.0/24" } : one));
      expect(networkProblems(objects, { ...facts, egress: narrowed }), stack).to.include(
        "app/worker-default -> internet:587 is open, and should be closed (egress: app/worker)",
      );
    }
  });

  it("opens what a handover needs, in both directions, and no more", async () => {
    const handover = JSON.stringify({ image: "ghcr.io/acme/handover:0.1.0" });
    const nodes = JSON.stringify({ instanceTypes: ["t4g.medium"] });
    for (const [stack, more] of [
      ["startup", {}],
      ["mvp", { "tierstack:keep": '{"managedStores": true}', "tierstack:nodes": nodes }],
    ] as const) {
      const overrides = { ...more, "tierstack:handover": handover };
      const objects = (await stackObjects(stack, overrides)).map(({ object }) => object);
      const facts = networkFacts(stack, overrides);
      expect(networkProblems(objects, facts), stack).to.deep.equal([]);
      const found = networkProblems(objects, { ...facts, handover: false });
      expect(found, stack).to.include(
        "private subnet 0 -> data/postgres:5432 is open, and should be closed (ingress: data/postgres)",
      );
      expect(found, stack).to.include(
        "data/handover -> data/pgbouncer:5432 is open, and should be closed (egress: data/handover; ingress: data/pgbouncer)",
      );
    }
  });

  for (const stack of stacks())
    it(`${stack}: opens to what watches the product what it asks, and nothing to anybody else`, async () => {
      const objects = (await stackObjects(stack, observed(stack))).map(({ object }) => object);
      expect(networkProblems(objects, networkFacts(stack, observed(stack)))).to.deep.equal([]);
    });

  it("opens port 443 to the heartbeat of a URL", async () => {
    const settings = { enabled: true, mail: completeMail, heartbeatUrl: "https://beats.example.com/4711" };
    for (const stack of ["startup", "growth", "local"]) {
      const overrides = observed(stack, settings);
      const objects = (await stackObjects(stack, overrides)).map(({ object }) => object);
      const facts = networkFacts(stack, overrides);
      expect(networkProblems(objects, facts), stack).to.deep.equal([]);
      const { heartbeatUrl: _, ...without } = settings;
      const closed = (await stackObjects(stack, observed(stack, without))).map(({ object }) => object);
      const found = networkProblems(closed, facts).filter((problem) => problem.includes("is closed"));
      // On an existing cluster, the port of the API server is open to any address already, and on EKS that of AWS.
      if (stack === "startup") expect(found.join()).to.contain("observability/monitor -> internet:443 is closed");
      else expect(found, stack).to.deep.equal([]);
    }
  });

  it("lets the agents of the logs reach their store and the API server, and nobody reach them", async () => {
    for (const stack of ["startup", "growth", "local"]) {
      const objects = (await stackObjects(stack, keepingLogs(stack))).map(({ object }) => object);
      const facts = networkFacts(stack, keepingLogs(stack));
      expect(networkProblems(objects, facts), stack).to.deep.equal([]);
    }
  });

  it("opens it both databases of a handover", async () => {
    const overrides = { ...observed("startup"), "tierstack:handover": '{"image": "ghcr.io/acme/handover:0.1.0"}' };
    const objects = (await stackObjects("startup", overrides)).map(({ object }) => object);
    const facts = networkFacts("startup", overrides);
    expect(networkProblems(objects, facts)).to.deep.equal([]);
    expect(networkProblems(objects, { ...facts, appPort: 3000 })).to.include(
      "observability/monitor -> app/worker-default:9898 is open, and should be closed " +
        "(egress: observability/monitor; ingress: app/monitor-workers)",
    );
  });

  it("opens the credentials of the pods' role to these pods, and no other link-local address", async () => {
    const schedules = [{ name: "report", schedule: "15 3 * * *", command: ["report"] }];
    const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-uploads/*" };
    const app = { port: 9898, schedules, iamPolicy: { Version: "2012-10-17", Statement: statement } };
    const overrides = { "tierstack:app": JSON.stringify(app), "tierstack:workers": '{"maxReplicas": 1}' };
    for (const [stack, port] of [
      ["mvp", 9400],
      ["growth", 80],
    ] as const) {
      const objects = (await stackObjects(stack, overrides)).map(({ object }) => object);
      const facts = networkFacts(stack, overrides);
      expect(networkProblems(objects, facts), stack).to.deep.equal([]);
      expect(matrixTable(facts)).to.contain(
        `| \`app/app\`, \`app/worker-*\`, \`app/schedule-*\` | \`AWS credentials\` | ${port} | credentials of app.iamPolicy |`,
      );
      expect(networkProblems(objects, { ...facts, credentialsPort: undefined }), stack).to.deep.equal([
        `app/app -> AWS credentials:${port} is open, and should be closed (egress: app/app-egress)`,
        `app/schedule-report -> AWS credentials:${port} is open, and should be closed (egress: app/schedule)`,
        `app/worker-default -> AWS credentials:${port} is open, and should be closed (egress: app/worker)`,
      ]);
    }
  });

  for (const { title, stack, object, change, problems } of faults)
    it(`finds ${title} (${stack}, ${object})`, () => {
      const objects = objectsOf(stack);
      const broken = objects.find((other) => identityOf(other) === object) as KubernetesObject;
      change?.(broken);
      const left = change ? objects : objects.filter((other) => other !== broken);
      expect(networkProblems(left, networkFacts(stack))).to.deep.equal(problems);
    });

  it("blames the policies that open too much, and no others", () => {
    const wide: KubernetesObject = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "wide", namespace: "app" },
      spec: {
        ingress: [
          { from: [{ namespaceSelector: { matchLabels: { [nameLabel]: "keda" } } }], ports: [{ port: 10443 }] },
        ],
      },
    };
    const keda = "keda/keda-operator -> app";
    expect(networkProblems([...objectsOf("growth"), wide], networkFacts("growth"))).to.deep.equal([
      `${keda}/app:10443 is open, and should be closed (egress: no policy; ingress: app/wide)`,
      `${keda}/worker-default:10443 is open, and should be closed (egress: no policy; ingress: app/wide)`,
      `${keda}/intruder:10443 is open, and should be closed (egress: no policy; ingress: app/wide)`,
    ]);
  });

  it("a workload that the matrix does not know is closed, or named", () => {
    const objects = objectsOf("mvp");
    const pgbouncer = objects.find((object) => identityOf(object) === "Deployment/data/pgbouncer");
    const labelled = structuredClone(pgbouncer) as KubernetesObject;
    labelled.metadata = { name: "copy", namespace: "data" };
    const plain = structuredClone(labelled);
    plain.spec.template.metadata.labels = {};
    expect(networkProblems([...objects, plain], networkFacts("mvp"))).to.deep.equal([]);
    expect(networkProblems([...objects, labelled], networkFacts("mvp"))).to.deep.equal([
      "app/app -> data/copy:5432 is open, and should be closed (egress: app/app-egress; ingress: data/pgbouncer)",
      "app/worker-default -> data/copy:5432 is open, and should be closed (egress: app/worker; ingress: data/pgbouncer)",
      "data/copy -> data/postgres:5432 is open, and should be closed (egress: data/pgbouncer; ingress: data/postgres)",
    ]);
  });

  it("is a table for the documentation", () => {
    expect(matrixTable(networkFacts("startup"))).to.equal(
      [
        "| from | to | port | purpose |",
        "| --- | --- | --- | --- |",
        "| `kube-system/*` | `app/app` | 10080 | requests from Traefik |",
        "| `app/app`, `app/worker-*` | `data/pgbouncer` | 5432 | queries |",
        "| `data/pgbouncer`, `data/postgres-bootstrap` | `public subnet *`, `private subnet *` | 5432 | pooled queries and roles on RDS |",
        "| `data/postgres` | `public subnet *`, `private subnet *` | 5432 | copies of the data between the in-cluster Postgres and RDS |",
        "| `app/app`, `app/worker-*`, `keda/*` | `data/redis` | 6379 | queues, sessions and cache |",
        "| `app/app`, `app/worker-*` | `public subnet *`, `private subnet *` | 6379 | queues, sessions and cache on ElastiCache |",
        "| `app/app`, `app/worker-*` | every address except link-local ones | 80, 443 | the web |",
        "| `app/*`, `data/*` | `kube-system/*`, `DNS *` | 53, 53/UDP | DNS |",
      ].join("\n"),
    );
    expect(matrixTable(networkFacts("scale"), "openByAddress")).to.equal(
      [
        "| from | to | port | purpose |",
        "| --- | --- | --- | --- |",
        "| `app/app`, `app/worker-*` | `default/*`, `kube-system/*`, `keda/*` | 80, 443 | the web |",
        "| `default/*`, `kube-system/*`, `keda/*` | `app/app` | 10443 | requests |",
        "| `data/pgbouncer`, `data/postgres-bootstrap` | `default/*`, `kube-system/*`, `keda/*` | 5432 | RDS |",
        "| `app/app`, `app/worker-*` | `default/*`, `kube-system/*`, `keda/*` | 6379 | ElastiCache |",
      ].join("\n"),
    );
  });
});
