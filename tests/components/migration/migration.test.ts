import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { egressPolicy } from "../../../components/app/network-policies";
import { Migration, type MigrationArgs } from "../../../components/migration/migration";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { recorded } from "../../support/record";

const migrate = { command: ["npx", "prisma", "migrate", "deploy"], deadlineSeconds: 900 };
const environment = {
  env: [{ name: "REDIS_CLUSTER", value: "true" }],
  envFrom: [{ secretRef: { name: "app-env" } }],
  volumes: [{ name: "authority", configMap: { name: "tierstack-ca" } }],
  mounts: [{ name: "authority", mountPath: "/etc/tierstack/ca", readOnly: true }],
  checksum: pulumi.output("checksum"),
};

function run(given: Partial<MigrationArgs> = {}) {
  return recorded(() => {
    new Migration("migration", {
      migrate,
      container: { cpuMillicores: 100, memoryMiB: 128 },
      image: "ghcr.io/acme/shop:1.4.2",
      user: 1000,
      environment,
      cluster: { provider: new k8s.Provider("kubernetes", {}) },
      namespace: existingNamespace("app"),
      egress: { storesNamespace: "data" },
      ...given,
    });
  });
}

describe("Migration", () => {
  it("is a Job with a deadline, for which Pulumi waits longer than that", async () => {
    const all = await run();
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal([
      "kubernetes",
      "migration",
      "migration/account",
      "migration/job",
      "migration/policy",
    ]);
    const { metadata, spec } = all.inputs("migration/job");
    expect(metadata.name).to.match(/^migrate-[0-9a-f]{8}$/);
    expect(metadata).to.deep.include({ namespace: "app", annotations: { "pulumi.com/replaceUnready": "true" } });
    const { template, ...job } = spec;
    expect(job).to.deep.equal({
      activeDeadlineSeconds: 900,
      backoffLimit: 2,
      ttlSecondsAfterFinished: 86400,
      podFailurePolicy: { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }] },
    });
    expect(template.spec).to.deep.include({
      restartPolicy: "Never",
      serviceAccountName: "migrate",
      automountServiceAccountToken: false,
    });
    expect(all.at("migration/job").dependsOn).to.include("migration/policy");
    // Pulumi itself gives a Job ten minutes.
    expect(all.at("migration/job").options.customTimeouts).to.deep.equal({ create: "960s", update: "960s" });
  });

  it("runs the command in the application's environment, restricted", async () => {
    const sized = await run({ pullSecret: "app-registry", migrate: { ...migrate, memoryMiB: 512 } });
    const { spec } = sized.inputs("migration/job").spec.template;
    expect(spec.imagePullSecrets).to.deep.equal([{ name: "app-registry" }]);
    const [container] = spec.containers;
    expect(container).to.deep.include({
      image: "ghcr.io/acme/shop:1.4.2",
      command: migrate.command,
      env: environment.env,
      envFrom: environment.envFrom,
      resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "512Mi" } },
    });
    expect(container.securityContext).to.include({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath)).to.deep.equal([
      "/etc/tierstack/ca",
      "/tmp",
    ]);
  });

  it("is another Job with another image, command or environment, and the same with the same ones", async () => {
    const nameOf = async (given: Partial<MigrationArgs> = {}): Promise<string> =>
      (await run(given)).inputs("migration/job").metadata.name;
    const first = await nameOf();
    expect(await nameOf()).to.equal(first);
    // A deadline is no reason to migrate again.
    expect(await nameOf({ migrate: { ...migrate, deadlineSeconds: 60 } })).to.equal(first);
    const others = [
      await nameOf({ image: "ghcr.io/acme/shop:1.4.3" }),
      await nameOf({ migrate: { ...migrate, command: ["migrate"] } }),
      await nameOf({ environment: { ...environment, env: [] } }),
      await nameOf({ environment: { ...environment, checksum: pulumi.output("another secret") } }),
    ];
    expect(new Set([first, ...others]).size).to.equal(5);
  });

  it("has the application's egress and no ingress", async () => {
    const pods = { "app.kubernetes.io/component": "migrate", "app.kubernetes.io/part-of": "tierstack" };
    const all = await run();
    expect(all.inputs("migration/policy").spec).to.deep.equal({
      ...egressPolicy(pods, { storesNamespace: "data" }),
      policyTypes: ["Ingress", "Egress"],
    });
    expect(all.inputs("migration/job").spec.template.metadata.labels).to.deep.include(pods);
  });
});
