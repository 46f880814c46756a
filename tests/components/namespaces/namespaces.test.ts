import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Namespaces, type NamespacesArgs } from "../../../components/namespaces/namespaces";
import { type Recorded, recorded } from "../../support/record";

const restricted = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": "v1.36",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/audit-version": "v1.36",
  "pod-security.kubernetes.io/warn": "restricted",
  "pod-security.kubernetes.io/warn-version": "v1.36",
};

function run(keda: boolean, preview = false, given: Partial<NamespacesArgs> = {}): Promise<Recorded> {
  return recorded(
    () => {
      const provider = new k8s.Provider("kubernetes", {});
      const authority = { certificate: pulumi.output("PEM") };
      const args = { cluster: { provider }, authority, keda, ...given };
      const { app, data, keda: third } = new Namespaces("namespaces", args);
      return { app: app.created, data: data.created, ...(third && { keda: third.created }) };
    },
    { preview },
  );
}

describe("Namespaces", () => {
  it("creates restricted namespaces that deny traffic by default", async () => {
    const all = await run(true);
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal([
      "kubernetes",
      "namespaces",
      "namespaces/app",
      "namespaces/app-allow-dns",
      "namespaces/app-default-deny",
      "namespaces/authority",
      "namespaces/data",
      "namespaces/data-allow-dns",
      "namespaces/data-default-deny",
      "namespaces/keda",
    ]);
    for (const name of ["app", "data", "keda"]) {
      const { metadata } = all.inputs(`namespaces/${name}`);
      expect(metadata.name).to.equal(name);
      expect(metadata.labels).to.include({ ...restricted, "app.kubernetes.io/part-of": "tierstack" });
    }
    expect(all.outputs).to.deep.equal({ app: "app", data: "data", keda: "keda" });
    for (const resource of all.resources.filter(({ parent }) => parent === "namespaces")) {
      expect(resource.provider, resource.path).to.equal("kubernetes");
    }
  });

  it("has no namespace for KEDA without KEDA", async () => {
    const without = await run(false);
    expect(without.paths).not.to.include("namespaces/keda");
    expect(without.outputs.keda).to.equal(undefined);
  });

  it("has a namespace of its own for what watches the product: closed, and retained with its volume", async () => {
    const all = await run(false, false, { observability: {} });
    expect(all.paths).to.include.members([
      "namespaces/observability",
      "namespaces/observability-allow-dns",
      "namespaces/observability-default-deny",
    ]);
    expect(all.inputs("namespaces/observability").metadata.labels).to.include(restricted);
    expect(all.at("namespaces/observability").options).to.include({ protect: false, retainOnDelete: true });
    expect((await run(false)).paths.filter((path) => path.includes("observability"))).to.deep.equal([]);
  });

  it("admits paths of the host in one namespace only: of the agent that reads the nodes' logs, closed and not retained", async () => {
    const all = await run(false, false, { observability: {}, logAgent: true, prefix: "shop" });
    const { metadata } = all.inputs("namespaces/log-agent");
    expect(metadata.name).to.equal("shop-log-agent");
    const privileged = Object.entries(restricted).map(([label, value]) => [
      label,
      value === "restricted" ? "privileged" : value,
    ]);
    expect(metadata.labels).to.include(Object.fromEntries(privileged));
    expect(all.paths).to.include.members(["namespaces/log-agent-allow-dns", "namespaces/log-agent-default-deny"]);
    expect(all.at("namespaces/log-agent").options.retainOnDelete).to.not.equal(true);
    expect(all.inputs("namespaces/observability").metadata.labels).to.include(restricted);
    expect((await run(false, false, { observability: {} })).paths).to.not.include("namespaces/log-agent");
  });

  it("puts a prefix before every name, and keeps the URNs", async () => {
    const all = await run(true, false, { prefix: "shop" });
    expect(all.outputs).to.deep.equal({ app: "shop-app", data: "shop-data", keda: "shop-keda" });
    expect(all.paths).to.deep.equal((await run(true)).paths);
    expect(all.inputs("namespaces/app-default-deny").metadata.namespace).to.equal("shop-app");
    expect(all.inputs("namespaces/app").metadata.labels).to.include({ "app.kubernetes.io/name": "app" });
  });

  it("retains app too in a cluster that others use, and never deletes what they have in it", async () => {
    const all = await run(true, false, { shared: true });
    const kept = all.resources.filter(({ options }) => options.retainOnDelete).map(({ path }) => path);
    expect(kept).to.deep.equal(["namespaces/app", "namespaces/data"]);
    expect(all.at("namespaces/app").options.protect).to.equal(false);
  });

  it("retains only the data namespace when it leaves the program", async () => {
    const all = await run(true);
    const kept = all.resources.filter(({ options }) => options.retainOnDelete).map(({ path }) => path);
    expect(kept).to.deep.equal(["namespaces/data"]);
    expect(all.at("namespaces/data").options.protect).to.equal(false);
  });

  for (const namespace of ["app", "data"]) {
    it(`closes ${namespace} except for DNS`, async () => {
      const all = await run(false);
      const deny = all.inputs(`namespaces/${namespace}-default-deny`);
      expect(deny.metadata).to.deep.include({ name: "default-deny", namespace });
      expect(deny.spec).to.deep.equal({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
      const dns = all.inputs(`namespaces/${namespace}-allow-dns`);
      expect(dns.metadata).to.deep.include({ name: "allow-dns", namespace });
      expect(dns.spec).to.deep.equal({
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
          {
            to: [
              { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } },
              { ipBlock: { cidr: "10.100.0.10/32" } },
              { ipBlock: { cidr: "172.20.0.10/32" } },
              { ipBlock: { cidr: "169.254.20.10/32" } },
            ],
            ports: [
              { protocol: "UDP", port: 53 },
              { protocol: "TCP", port: 53 },
            ],
          },
        ],
      });
      expect(all.at(`namespaces/${namespace}-allow-dns`).dependsOn).to.include(`namespaces/${namespace}`);
    });
  }

  it("passes the authority's certificate to the application", async () => {
    const { metadata, data } = (await run(false)).inputs("namespaces/authority");
    expect(metadata).to.deep.include({ name: "tierstack-ca", namespace: "app" });
    expect(data).to.deep.equal({ "ca.crt": "PEM" });
  });

  it("runs in a preview", async () => {
    const preview = await run(true, true);
    expect(preview.problems).to.deep.equal([]);
    expect(preview.paths).to.have.length(10);
  });
});
