import { expect } from "chai";
import { conditionOf, identityOf, type KubernetesObject, type StackObject, stackPlan } from "../support/objects";
import type { Api } from "./api/api";
import { openCluster, withCertificates } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";
import { until } from "./control-plane/servers";
import { type Deployed, deploy } from "./deploy";
import { roomyNodes } from "./nodes";
import { ours, rolledOut } from "./rollout";

const jobKind = { apiVersion: "batch/v1", kind: "Job" };
const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "app", namespace: "app" } };

/** Waits for a Job as Pulumi does. Throws if it fails. */
async function finished(api: Api, job: KubernetesObject): Promise<void> {
  const ended = await until(identityOf(job), async () => {
    const now = await api.find(job);
    return now && ["Complete", "Failed"].some((type) => conditionOf(now, type)?.status === "True") ? now : undefined;
  });
  const failure = conditionOf(ended, "Failed");
  if (failure?.status === "True") throw new Error(`${identityOf(job)}: ${failure.reason}`);
}

/** Deploys in the order of the dependencies, and waits for each Job before it touches what comes after. */
function deployWaiting(api: Api, objects: StackObject[], before?: Deployed): Promise<Deployed> {
  let last: KubernetesObject | undefined;
  return deploy(api, objects, before, async (object) => {
    const job = last?.kind === "Job" ? last : undefined;
    last = object;
    if (job) await finished(api, job);
  });
}

/** Releases of an application with a migration, on a real API server. */
describe("a migration before a rollout", () => {
  let cluster: ControlPlane;
  let now: Deployed;

  const release = async (version: string, deadlineSeconds = 600) => {
    const migrate = { command: ["migrate"], deadlineSeconds, memoryMiB: 64 };
    const app = JSON.stringify({ migrate, schedules: [report] });
    const workers = JSON.stringify({ maxReplicas: 1 });
    const image = `ghcr.io/acme/shop:${version}`;
    const overrides = { "tierstack:app": app, "tierstack:workers": workers, "tierstack:image": image };
    return withCertificates((await stackPlan("mvp", overrides)).objects);
  };
  const report = { name: "report", schedule: "15 3 * * *", command: ["report"], memoryMiB: 64 };

  const jobsOf = async () =>
    (await cluster.api.list(jobKind, "app", ours)).map(({ metadata, spec, status }) => ({
      name: metadata.name,
      image: spec.template.spec.containers[0].image,
      succeeded: status?.succeeded ?? 0,
    }));
  const imageOf = async () =>
    (await cluster.api.find(deployment))?.spec.template.spec.containers.find(
      ({ name }: { name: string }) => name === "app",
    ).image;

  before(async () => {
    cluster = await openCluster();
    const objects = await release("1.0.0");
    for (const node of roomyNodes(objects)) await cluster.api.apply(node);
    now = await deployWaiting(cluster.api, objects);
    expect(now.rejected).to.deep.equal([]);
    await rolledOut(cluster.api);
  });

  after(() => cluster?.stop());

  it("comes before everything that runs the application's image", async () => {
    const order = [...now.objects.keys()];
    const job = order.findIndex((identity) => identity.startsWith("Job/app/migrate-"));
    expect(job).to.be.greaterThan(order.indexOf("Deployment/data/pgbouncer"));
    const secret = order.findIndex((identity) => identity.startsWith("Secret/app/app-env-"));
    expect(secret).to.be.at.least(0);
    expect(job).to.be.greaterThan(secret);
    for (const identity of ["Deployment/app/app", "Deployment/app/worker-default", "CronJob/app/schedule-report"])
      expect(order.indexOf(identity), identity).to.be.greaterThan(job);
    expect(await jobsOf()).to.have.length(1);
  });

  it("runs once for a release, and then the rollout goes on", async () => {
    now = await deployWaiting(cluster.api, await release("1.1.0"), now);
    expect(now.rejected).to.deep.equal([]);
    const [job, ...others] = await jobsOf();
    expect(others, "the job of the release before is gone").to.deep.equal([]);
    expect(job).to.deep.include({ image: "ghcr.io/acme/shop:1.1.0", succeeded: 1 });
    await rolledOut(cluster.api);
    expect(await imageOf()).to.equal("ghcr.io/acme/shop:1.1.0");
    await deployWaiting(cluster.api, await release("1.1.0"), now);
    expect(await jobsOf()).to.deep.equal([job]);
  });

  it("stops the rollout if it fails, and the old version stays", async () => {
    const objects = await release("1.2.0", 5);
    const job = objects.find(({ object }) => identityOf(object).startsWith("Job/app/migrate-"))?.object;
    // No node has this label, so the pod waits until the deadline.
    if (job) job.spec.template.spec.nodeSelector = { "example.com/none": "true" };
    const failure = await deployWaiting(cluster.api, objects, now).then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(failure).to.match(/^Job\/app\/migrate-[0-9a-f]{8}: DeadlineExceeded$/);
    expect(await imageOf()).to.equal("ghcr.io/acme/shop:1.1.0");
  });
});
