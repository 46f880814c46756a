import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { existingNamespace } from "../../../../components/namespaces/namespace";
import { Logs, type LogsArgs } from "../../../../components/observability/logs/logs";
import { tiers } from "../../../../tiers";
import { recorded } from "../../../support/record";

const run = (given: Partial<LogsArgs> = {}) =>
  recorded(() => {
    new Logs("logs", {
      size: { ...tiers.startup.observability, logsGiB: 5 },
      cluster: { provider: new k8s.Provider("kubernetes", {}), storageClass: "local-path" },
      namespaces: {
        app: existingNamespace("shop-app"),
        data: existingNamespace("shop-data"),
        observability: existingNamespace("shop-observability"),
        logAgent: existingNamespace("shop-log-agent"),
      },
      authority: {
        certificate: pulumi.output("PEM of the authority"),
        issue: (name, dnsNames) => ({
          certificate: pulumi.output(`PEM of ${name} at ${dnsNames[0]}`),
          privateKey: pulumi.secret("private-key"),
        }),
      },
      clusterCidrs: ["10.20.0.0/16"],
      namePrefix: "shop",
      ...given,
    });
    return {};
  });

const daemonSet = "logs/agent/daemon-set";
const deployment = "logs/store/deployment";

describe("Logs", () => {
  it("is a store with its volume, and an agent on every node with its account", async () => {
    const all = await run();
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal([
      "kubernetes",
      "logs",
      "logs/agent",
      "logs/agent/account",
      "logs/agent/authority",
      "logs/agent/daemon-set",
      "logs/agent/policy",
      "logs/agent/role",
      "logs/agent/role-binding",
      "logs/store",
      "logs/store/deployment",
      "logs/store/logs",
      "logs/store/policy",
      "logs/store/service",
      "logs/store/tls",
    ]);
  });

  it("keeps logs by size and by days, on a volume that outlives the program", async () => {
    const all = await run();
    expect(all.inputs(deployment).spec.template.spec.containers[0].args).to.deep.equal([
      "-storageDataPath=/logs",
      "-retentionPeriod=14d",
      "-retention.maxDiskSpaceUsageBytes=4096MiB",
      "-storage.minFreeDiskSpaceBytes=512MiB",
      "-memory.allowedPercent=25",
      "-httpListenAddr=:9428,127.0.0.1:9429",
      "-tls=true,false",
      "-tlsCertFile=/etc/log-store/tls.crt",
      "-tlsKeyFile=/etc/log-store/tls.key",
      "-tlsMinVersion=TLS12",
    ]);
    // On a disk that others fill too, it is the disk that must not run full.
    const shared = (await run({ diskGiB: 20 })).inputs(deployment).spec.template.spec.containers[0].args;
    expect(shared).to.include.members([
      "-retention.maxDiskSpaceUsageBytes=4096MiB",
      "-storage.minFreeDiskSpaceBytes=2048MiB",
    ]);
    expect(all.inputs(deployment).spec.strategy).to.deep.equal({ type: "Recreate" });
    expect(all.inputs("logs/store/logs").spec.resources).to.deep.equal({ requests: { storage: "5Gi" } });
    expect(all.at("logs/store/logs").options).to.include({ protect: false, retainOnDelete: true });
  });

  it("sends the logs of the product's namespaces, over TLS with a verified name", async () => {
    const all = await run();
    expect(all.inputs(daemonSet).spec.template.spec.containers[0].args).to.deep.equal([
      "-kubernetesCollector",
      '-kubernetesCollector.excludeFilter=!kubernetes.pod_namespace:in("shop-app","shop-data","shop-observability")',
      "-kubernetesCollector.includePodLabels=false",
      "-remoteWrite.url=https://log-store.shop-observability.svc.cluster.local:9428/insert/native",
      "-remoteWrite.tlsCAFile=/etc/log-agent/ca.crt",
      "-remoteWrite.maxDiskUsagePerURL=600MB",
      "-remoteWrite.queues=1",
      "-tmpDataPath=/var/lib/log-agent",
      "-httpListenAddr=:9429",
    ]);
    expect(all.inputs("logs/agent/authority").data).to.deep.equal({ "ca.crt": "PEM of the authority" });
    expect(all.inputs("logs/store/tls").stringData["tls.crt"]).to.equal(
      "PEM of log-store at log-store.shop-observability.svc.cluster.local",
    );
  });

  it("reads two folders of the host and writes to none, without root and without a capability", async () => {
    const { spec } = (await run()).inputs(daemonSet).spec.template;
    const paths = spec.volumes.filter((volume: object) => "hostPath" in volume);
    expect(paths).to.deep.equal([
      { name: "var-log-containers", hostPath: { path: "/var/log/containers", type: "Directory" } },
      { name: "var-log-pods", hostPath: { path: "/var/log/pods", type: "Directory" } },
    ]);
    const [container] = spec.containers;
    const writable = container.volumeMounts.filter(({ readOnly }: { readOnly?: boolean }) => !readOnly);
    expect(writable).to.deep.equal([{ name: "state", mountPath: "/var/lib/log-agent" }]);
    expect(spec.volumes.at(-1)).to.deep.equal({ name: "state", emptyDir: { sizeLimit: "1Gi" } });
    for (const host of ["hostPID", "hostNetwork", "hostIPC"]) expect(spec).to.not.have.property(host);
    expect(spec.securityContext).to.include({ runAsNonRoot: true, runAsUser: 65534 });
    expect(spec.securityContext.supplementalGroups).to.deep.equal([0]);
    expect(container.securityContext).to.deep.include({
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(spec.tolerations).to.deep.equal([{ operator: "Exists" }]);
  });

  it("may see pods, its node and the names of namespaces, and no Secret", async () => {
    const all = await run();
    expect(all.inputs("logs/agent/role").rules).to.deep.equal([
      { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
      { apiGroups: [""], resources: ["namespaces"], verbs: ["list"] },
    ]);
    const { metadata, subjects } = all.inputs("logs/agent/role-binding");
    expect(metadata.name).to.equal("shop-tierstack-log-agent");
    expect(subjects).to.deep.equal([{ kind: "ServiceAccount", name: "log-agent", namespace: "shop-log-agent" }]);
  });
});
