import { expect } from "chai";
import { parse } from "yaml";
import { kubeletConfig } from "../../../../components/cluster/k3s/kubelet";
import { nodeFiles } from "../../../../components/cluster/k3s/node-files";
import { nodeArgs, task } from "./machine";

describe("files of the node", () => {
  let files: Record<string, string>;

  beforeEach(() => {
    files = nodeFiles(nodeArgs);
  });

  it("are units, configuration and manifests", () => {
    expect(Object.keys(files).sort()).to.deep.equal([
      "/etc/rancher/k3s/config.yaml",
      "/etc/sysctl.d/90-tierstack.conf",
      "/etc/systemd/system/k3s.service",
      "/etc/systemd/system/tierstack-renewal.service",
      "/etc/systemd/system/tierstack-renewal.timer",
      "/etc/systemd/system/tierstack-watch.service",
      "/usr/local/sbin/tierstack-renewal",
      "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/50-tierstack.conf",
      "/var/lib/rancher/k3s/server/manifests/tierstack-node.yaml",
      "/var/lib/rancher/k3s/server/manifests/tierstack-traefik.yaml",
    ]);
  });

  it("configure k3s", () => {
    expect(parse(files["/etc/rancher/k3s/config.yaml"] as string)).to.deep.equal({
      "node-name": "tierstack",
      "tls-san": ["203.0.113.10"],
      "write-kubeconfig-mode": "0600",
      "secrets-encryption": true,
      "protect-kernel-defaults": true,
      "disable-cloud-controller": true,
      "kube-controller-manager-arg": ["terminated-pod-gc-threshold=10"],
    });
    expect(parse(files["/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/50-tierstack.conf"] as string)).to.deep.equal(
      kubeletConfig(nodeArgs),
    );
    expect(files["/etc/sysctl.d/90-tierstack.conf"]).to.contain("vm.overcommit_memory=1\nvm.panic_on_oom=0\n");
  });

  it("say which generation of the node is up", () => {
    expect(parse(files["/var/lib/rancher/k3s/server/manifests/tierstack-node.yaml"] as string)).to.deep.equal({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "tierstack-node", namespace: "kube-system" },
      data: { generation: nodeArgs.generation },
    });
  });

  it("never start k3s without the data volume", () => {
    const unit = files["/etc/systemd/system/k3s.service"];
    expect(unit).to.contain("\nAssertPathIsMountPoint=/var/lib/rancher\nAssertPathIsMountPoint=/etc/rancher\n");
    expect(unit).to.contain("\nRequiresMountsFor=/var/lib/rancher /etc/rancher\n");
    expect(unit).not.to.contain("[Install]");
  });

  it("limit the memory of k3s, softly", () => {
    expect(files["/etc/systemd/system/k3s.service"]).to.contain("\nEnvironment=GOMEMLIMIT=800MiB\n");
  });

  it("include those of a task", () => {
    const more = nodeFiles({ ...nodeArgs, task });
    expect(Object.keys(more).filter((path) => !(path in files))).to.deep.equal(["/usr/local/sbin/nightly"]);
    expect(more["/usr/local/sbin/nightly"]).to.equal("#!/bin/sh");
  });
});
