import { expect } from "chai";
import { egressPolicy, ingressPolicy } from "../../../components/app/network-policies";

const labels = { "app.kubernetes.io/name": "app" };
const namespace = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
const data = {
  to: [namespace("data")],
  ports: [
    { protocol: "TCP", port: 5432 },
    { protocol: "TCP", port: 6379 },
  ],
};
const web = {
  to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
  ports: [
    { protocol: "TCP", port: 80 },
    { protocol: "TCP", port: 443 },
  ],
};

describe("network policies of the application", () => {
  it("admit an ingress controller to the plain HTTP port", () => {
    expect(ingressPolicy(labels, { namespace: "kube-system" })).to.deep.equal({
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress"],
      ingress: [{ from: [namespace("kube-system")], ports: [{ protocol: "TCP", port: 10080 }] }],
    });
  });

  it("admit a load balancer to the TLS port from its subnets", () => {
    const ports = [{ protocol: "TCP", port: 10443 }];
    expect(ingressPolicy(labels, { cidrs: ["10.20.128.0/20", "10.20.144.0/20"] })).to.deep.equal({
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress"],
      ingress: [
        { from: [{ ipBlock: { cidr: "10.20.128.0/20" } }], ports },
        { from: [{ ipBlock: { cidr: "10.20.144.0/20" } }], ports },
      ],
    });
  });

  it("admit no source without subnets", () => {
    expect(ingressPolicy(labels, { cidrs: [] }).ingress).to.deep.equal([]);
  });

  it("let the application reach its stores and the web, but no metadata service", () => {
    expect(egressPolicy(labels, { storesNamespace: "data" })).to.deep.equal({
      podSelector: { matchLabels: labels },
      policyTypes: ["Egress"],
      egress: [data, web],
    });
  });

  it("let it reach managed Redis in the VPC", () => {
    const redis = {
      to: [{ ipBlock: { cidr: "10.20.0.0/16" } }],
      ports: [{ protocol: "TCP", port: 6379 }],
    };
    expect(egressPolicy(labels, { storesNamespace: "data", redisCidr: "10.20.0.0/16" }).egress).to.deep.equal([
      data,
      redis,
      web,
    ]);
  });
});
