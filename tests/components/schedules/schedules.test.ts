import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { egressPolicy } from "../../../components/app/network-policies";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { Schedules, type SchedulesArgs } from "../../../components/schedules/schedules";
import { recorded } from "../../support/record";

const schedule = { name: "report", schedule: "15 3 * * *", command: ["node", "report.js"], deadlineSeconds: 900 };

function run(given: Partial<SchedulesArgs> = {}) {
  return recorded(() => {
    new Schedules("schedules", {
      schedules: [schedule],
      container: { cpuMillicores: 100, memoryMiB: 128 },
      image: "ghcr.io/acme/shop:1.4.2",
      user: 1000,
      environment: {
        env: [{ name: "REDIS_CLUSTER", value: "true" }],
        envFrom: [{ secretRef: { name: "app-env" } }],
        volumes: [{ name: "authority", configMap: { name: "tierstack-ca" } }],
        mounts: [{ name: "authority", mountPath: "/etc/tierstack/ca", readOnly: true }],
        checksum: pulumi.output("checksum"),
      },
      cluster: { provider: new k8s.Provider("kubernetes", {}) },
      namespace: existingNamespace("app"),
      egress: { storesNamespace: "data" },
      ...given,
    });
  });
}

describe("Schedules", () => {
  it("are a CronJob each, that never overlaps and has a deadline", async () => {
    const all = await run({ schedules: [schedule, { ...schedule, name: "clean", memoryMiB: 512 }] });
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal([
      "kubernetes",
      "schedules",
      "schedules/account",
      "schedules/job-clean",
      "schedules/job-report",
      "schedules/policy",
    ]);
    const { metadata, spec } = all.inputs("schedules/job-report");
    expect(metadata).to.include({ name: "schedule-report", namespace: "app" });
    const { jobTemplate, ...rest } = spec;
    expect(rest).to.deep.equal({
      schedule: "15 3 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
    });
    const { template, ...job } = jobTemplate.spec;
    expect(job).to.deep.equal({
      activeDeadlineSeconds: 900,
      backoffLimit: 0,
      podFailurePolicy: { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }] },
    });
    expect(template.spec).to.deep.include({
      restartPolicy: "Never",
      serviceAccountName: "schedule",
      automountServiceAccountToken: false,
    });
    const larger = all.inputs("schedules/job-clean").spec.jobTemplate.spec.template.spec.containers[0];
    expect(larger.resources.limits).to.deep.equal({ memory: "512Mi" });
  });

  it("run the command in the application's environment, restricted", async () => {
    const { spec } = (await run({ pullSecret: "app-registry" })).inputs("schedules/job-report").spec.jobTemplate.spec
      .template;
    expect(spec.imagePullSecrets).to.deep.equal([{ name: "app-registry" }]);
    const [container] = spec.containers;
    expect(container).to.deep.include({
      image: "ghcr.io/acme/shop:1.4.2",
      command: ["node", "report.js"],
      env: [{ name: "REDIS_CLUSTER", value: "true" }],
      envFrom: [{ secretRef: { name: "app-env" } }],
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "128Mi" } },
    });
    expect(container.securityContext).to.include({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath)).to.deep.equal([
      "/etc/tierstack/ca",
      "/tmp",
    ]);
  });

  it("have the application's egress and no ingress", async () => {
    const pods = { "app.kubernetes.io/component": "schedule", "app.kubernetes.io/part-of": "tierstack" };
    expect((await run()).inputs("schedules/policy").spec).to.deep.equal({
      ...egressPolicy(pods, { storesNamespace: "data" }),
      policyTypes: ["Ingress", "Egress"],
    });
  });
});
