import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { NodeExporter } from "../../../components/observability/node-exporter";
import { recorded, Secret } from "../../support/record";

const run = () =>
  recorded(() => {
    new NodeExporter("nodes", {
      cluster: { provider: new k8s.Provider("kubernetes", {}) },
      namespace: existingNamespace("shop-observability"),
      authority: {
        issue: (name, dnsNames) => ({
          certificate: pulumi.output(`PEM of ${name} at ${dnsNames[0]}`),
          privateKey: pulumi.secret("private-key"),
        }),
      },
      priorityClassName: "high",
    });
    return {};
  });

describe("NodeExporter", () => {
  it("is one pod on every node, with its certificate and its policy, and no Service", async () => {
    const all = await run();
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal(["kubernetes", "nodes", "nodes/daemon-set", "nodes/policy", "nodes/tls"]);
    const { tolerations, priorityClassName } = all.inputs("nodes/daemon-set").spec.template.spec;
    expect({ tolerations, priorityClassName }).to.deep.equal({
      tolerations: [{ operator: "Exists" }],
      priorityClassName: "high",
    });
  });

  it("reads no path of the host, and shares none of its namespaces", async () => {
    const { spec } = (await run()).inputs("nodes/daemon-set").spec.template;
    for (const host of ["hostPID", "hostNetwork", "hostIPC"]) expect(spec).to.not.have.property(host);
    expect(spec.volumes).to.deep.equal([
      { name: "kubelet", emptyDir: { sizeLimit: "1Mi" } },
      { name: "web", secret: { secretName: "node-exporter-tls", defaultMode: 0o440 } },
    ]);
    expect(spec.automountServiceAccountToken).to.equal(false);
    const [container] = spec.containers;
    expect(container.securityContext).to.deep.include({ readOnlyRootFilesystem: true, runAsUser: 65534 });
    expect(container.volumeMounts).to.deep.equal([
      { name: "kubelet", mountPath: "/kubelet" },
      { name: "web", mountPath: "/etc/node-exporter", readOnly: true },
    ]);
  });

  it("tells what a container sees of its node, and of file systems the two that lie on its disks", async () => {
    const [container] = (await run()).inputs("nodes/daemon-set").spec.template.spec.containers;
    expect(container.args).to.deep.equal([
      "--collector.disable-defaults",
      "--collector.cpu",
      "--collector.diskstats",
      "--collector.filesystem",
      "--collector.loadavg",
      "--collector.meminfo",
      "--collector.stat",
      "--collector.vmstat",
      "--collector.filesystem.mount-points-include=^(/|/kubelet)$",
      "--collector.filesystem.fs-types-exclude=^$",
      "--web.disable-exporter-metrics",
      "--web.listen-address=:9100",
      "--web.config.file=/etc/node-exporter/web.yml",
    ]);
  });

  it("serves over TLS with a certificate of its name, to what watches the product", async () => {
    const all = await run();
    expect(all.at("nodes/tls").inputs.stringData).to.be.instanceOf(Secret);
    const { stringData } = all.inputs("nodes/tls");
    expect(stringData["tls.crt"]).to.equal(
      "PEM of node-exporter at node-exporter.shop-observability.svc.cluster.local",
    );
    expect(stringData["web.yml"]).to.equal(
      "tls_server_config:\n  cert_file: /etc/node-exporter/tls.crt\n  key_file: /etc/node-exporter/tls.key\n  min_version: TLS12\n",
    );
    const { readinessProbe } = all.inputs("nodes/daemon-set").spec.template.spec.containers[0];
    expect(readinessProbe.httpGet).to.deep.equal({ path: "/", port: 9100, scheme: "HTTPS" });
    const { podSelector, ingress } = all.inputs("nodes/policy").spec;
    expect(podSelector.matchLabels["app.kubernetes.io/name"]).to.equal("node-exporter");
    expect(ingress).to.deep.equal([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop-observability" } },
            podSelector: {
              matchLabels: { "app.kubernetes.io/name": "monitor", "app.kubernetes.io/part-of": "tierstack" },
            },
          },
        ],
        ports: [{ protocol: "TCP", port: 9100 }],
      },
    ]);
  });
});
