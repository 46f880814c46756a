import { spawnSync } from "node:child_process";
import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import { kubeconfig } from "../../../../components/cluster/k3s/kubeconfig";
import { nodeFiles } from "../../../../components/cluster/k3s/node-files";
import { nodePolicy } from "../../../../components/cluster/k3s/policies";
import { quote, withVariables } from "../../../../components/cluster/k3s/script";
import { traefikConfig } from "../../../../components/cluster/k3s/traefik";
import { nodeArgs } from "./machine";

describe("shell variables", () => {
  const inBash = (script: string) => spawnSync("bash", ["--norc", "-s"], { input: script, encoding: "utf8" }).stdout;

  it("keep every text as it is", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 }).filter((word) => !word.includes("\0"));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (words) => {
        const printed = inBash(`printf '%s\\0' ${words.map(quote).join(" ")}`);
        expect(printed.split("\0").slice(0, -1)).to.deep.equal(words);
      }),
      { numRuns: 25 },
    );
  });

  it("stand below the first line of the script, as texts, lists and maps", () => {
    const script = withVariables('#!/bin/bash\nprintf "%s|" "$A" "${B[@]}" "${#C[@]}" "${C[a b]}"\n', {
      A: "it's $HOME",
      B: ["x", "y z"],
      C: { "a b": "one\ntwo", c: "" },
    });
    expect(script.split("\n")[0]).to.equal("#!/bin/bash");
    expect(inBash(script)).to.equal("it's $HOME|x|y z|2|one\ntwo|");
    expect(inBash(withVariables('#!/bin/bash\nset -u; echo "${#B[@]}"', { B: [] }))).to.equal("0\n");
  });
});

describe("kubeconfig", () => {
  it("has everything in it", () => {
    const text = kubeconfig({
      name: "shop",
      server: "https://203.0.113.10:6443",
      serverCaCertificate: "authority\n",
      clientCertificate: "certificate\n",
      clientKey: "key\n",
    });
    expect(parse(text)).to.deep.equal({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "shop",
          cluster: { server: "https://203.0.113.10:6443", "certificate-authority-data": "YXV0aG9yaXR5Cg==" },
        },
      ],
      users: [{ name: "shop", user: { "client-certificate-data": "Y2VydGlmaWNhdGUK", "client-key-data": "a2V5Cg==" } }],
      contexts: [{ name: "shop", context: { cluster: "shop", user: "shop" } }],
      "current-context": "shop",
    });
  });
});

describe("Traefik's configuration", () => {
  const values = (args: Parameters<typeof traefikConfig>[0]) => {
    const { kind, metadata, spec } = parse(traefikConfig(args));
    expect({ kind, metadata }).to.deep.equal({
      kind: "HelmChartConfig",
      metadata: { name: "traefik", namespace: "kube-system" },
    });
    return parse(spec.valuesContent);
  };

  it("without a domain only trusts the forwarded headers that come through ServiceLB", () => {
    expect(values({ certificates: false, email: "a@example.com" })).to.deep.equal({
      additionalArguments: ["--entrypoints.web.forwardedheaders.trustedips=10.42.0.0/16"],
    });
  });

  it("with a domain gets certificates by the HTTP challenge and keeps them", () => {
    expect(values({ certificates: true, email: "a@example.com" })).to.deep.equal({
      additionalArguments: [
        "--entrypoints.web.forwardedheaders.trustedips=10.42.0.0/16",
        "--entrypoints.websecure.forwardedheaders.trustedips=10.42.0.0/16",
        "--certificatesresolvers.le.acme.httpchallenge.entrypoint=web",
        "--certificatesresolvers.le.acme.storage=/data/acme.json",
        "--certificatesresolvers.le.acme.email=a@example.com",
      ],
      persistence: { enabled: true },
    });
    expect(values({ certificates: true }).additionalArguments.join()).not.to.contain("email");
  });
});

describe("files of the node", () => {
  const files = nodeFiles(nodeArgs);

  it("are units, configuration and manifests", () => {
    expect(Object.keys(files).sort()).to.deep.equal([
      "/etc/rancher/k3s/config.yaml",
      "/etc/sysctl.d/90-tierstack.conf",
      "/etc/systemd/system/k3s.service",
      "/etc/systemd/system/tierstack-watch.service",
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
    expect(parse(files["/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/50-tierstack.conf"] as string)).to.deep.equal({
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      systemReserved: { memory: "700Mi" },
      shutdownGracePeriod: "75s",
      shutdownGracePeriodCriticalPods: "15s",
    });
    expect(files["/etc/sysctl.d/90-tierstack.conf"]).to.contain("vm.overcommit_memory=1\nvm.panic_on_oom=0\n");
  });

  it("never start k3s without the data volume", () => {
    const unit = files["/etc/systemd/system/k3s.service"];
    expect(unit).to.contain("\nAssertPathIsMountPoint=/var/lib/rancher\nAssertPathIsMountPoint=/etc/rancher\n");
    expect(unit).to.contain("\nRequiresMountsFor=/var/lib/rancher /etc/rancher\n");
    expect(unit).not.to.contain("[Install]");
  });

  it("hold more manifests and the dump where they are asked for", () => {
    const more = Object.keys(nodeFiles({ ...nodeArgs, dumpBucket: "dumps", manifests: { extra: "kind: Extra" } }));
    expect(more.filter((path) => !(path in files))).to.have.members([
      "/usr/local/sbin/tierstack-dump",
      "/etc/systemd/system/tierstack-dump.service",
      "/etc/systemd/system/tierstack-dump.timer",
      "/var/lib/rancher/k3s/server/manifests/tierstack-extra.yaml",
    ]);
  });
});

describe("policy of the node", () => {
  const args = {
    region: "eu-west-1",
    clusterName: "shop-mvp-k3s",
    volumeId: "vol-1",
    allocationId: "eipalloc-1",
    parameterArns: ["arn:aws:ssm:eu-west-1:123456789012:parameter/shop/mvp/k3s/server-ca.crt"],
  };
  const rights = (document: ReturnType<typeof nodePolicy>) =>
    (document.Statement as { Action: string[]; Resource: string | string[]; Condition?: object }[]).flatMap(
      ({ Action, Resource, Condition }) =>
        Action.flatMap((action) =>
          [Resource]
            .flat()
            .map((resource) => `${action} ${resource}${Condition ? ` ${JSON.stringify(Condition)}` : ""}`),
        ),
    );

  it("lets it take its own volume, address and authorities, and nothing else", () => {
    const onlyNode = '{"StringEquals":{"aws:ResourceTag/tierstack:cluster":"shop-mvp-k3s"}}';
    expect(rights(nodePolicy(args))).to.deep.equal([
      "ssm:GetParameter arn:aws:ssm:eu-west-1:123456789012:parameter/shop/mvp/k3s/server-ca.crt",
      "ec2:DescribeVolumes *",
      "ec2:AttachVolume arn:aws:ec2:eu-west-1:*:volume/vol-1",
      "ec2:AssociateAddress arn:aws:ec2:eu-west-1:*:elastic-ip/eipalloc-1",
      "ec2:AssociateAddress arn:aws:ec2:eu-west-1:*:network-interface/*",
      `ec2:AttachVolume arn:aws:ec2:eu-west-1:*:instance/* ${onlyNode}`,
      `ec2:AssociateAddress arn:aws:ec2:eu-west-1:*:instance/* ${onlyNode}`,
      "ssm:UpdateInstanceInformation *",
      "ssmmessages:CreateControlChannel *",
      "ssmmessages:CreateDataChannel *",
      "ssmmessages:OpenControlChannel *",
      "ssmmessages:OpenDataChannel *",
    ]);
  });

  it("lets it write dumps, below their prefix, where there is a bucket", () => {
    const more = rights(nodePolicy({ ...args, dumpBucketArn: "arn:aws:s3:::dumps" }));
    expect(more.filter((right) => !rights(nodePolicy(args)).includes(right))).to.deep.equal([
      "s3:PutObject arn:aws:s3:::dumps/postgres/*",
      "s3:AbortMultipartUpload arn:aws:s3:::dumps/postgres/*",
    ]);
  });
});
