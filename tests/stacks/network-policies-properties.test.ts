import fc from "fast-check";
import { type Endpoint, judge, type Port, type Reading, reaches } from "../support/network/evaluate";
import { db, everybody, namespaces, onDb, onWeb, tcp } from "../support/network/example";
import type {
  EgressRule,
  IngressRule,
  LabelSelector,
  NetworkPolicy,
  Peer,
  PolicyPort,
} from "../support/network/policy";

const selector = fc.constantFrom<LabelSelector>(
  {},
  onWeb,
  onDb,
  { matchLabels: { tier: "front" } },
  { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["front"] }] },
);
const namespaceSelector = fc.constantFrom<LabelSelector>({}, { matchLabels: { team: "finance" } });
const peer: fc.Arbitrary<Peer> = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector, podSelector: selector }, { requiredKeys: ["namespaceSelector"] }),
  fc.record({
    ipBlock: fc.constantFrom<NonNullable<Peer["ipBlock"]>>(
      { cidr: "0.0.0.0/0", except: ["203.0.113.128/25"] },
      { cidr: "10.42.0.0/16", except: ["10.42.7.0/24"] },
      { cidr: "203.0.113.7/32" },
    ),
  }),
);
const ports = fc.array(
  fc.constantFrom<PolicyPort>({ port: 5432 }, { port: "sql" }, { port: 80, endPort: 6000 }, { protocol: "UDP" }),
  { maxLength: 2 },
);
const some = { maxLength: 2 } as const;
const ingressRule: fc.Arbitrary<IngressRule> = fc.record({ from: fc.array(peer, some), ports }, { requiredKeys: [] });
const egressRule: fc.Arbitrary<EgressRule> = fc.record({ to: fc.array(peer, some), ports }, { requiredKeys: [] });
const policyTypes = fc.subarray(["Ingress", "Egress"]);
const policy: fc.Arbitrary<NetworkPolicy> = fc.record({
  metadata: fc.record({ name: fc.constantFrom("p", "q", "r"), namespace: fc.constantFrom("shop", "bank") }),
  spec: fc.record(
    { podSelector: selector, policyTypes, ingress: fc.array(ingressRule, some), egress: fc.array(egressRule, some) },
    { requiredKeys: ["podSelector"] },
  ),
});
const policies = fc.array(policy, { maxLength: 4 });
const port = fc.constantFrom<Port>(tcp(5432), tcp(80), { protocol: "UDP", port: 53 });
const reading = fc.constantFrom<Reading>("selectors", "addresses");
const anybody = fc.constantFrom<Endpoint>(db, ...everybody);
const asked = fc.record({ from: anybody, to: anybody, port, reading });
type Asked = { from: Endpoint; to: Endpoint; port: Port; reading: Reading };
const ask = (all: NetworkPolicy[], { from, to, port, reading }: Asked) =>
  reaches({ namespaces, policies: all }, from, to, port, reading);
const selectedBy = (one: NetworkPolicy, { from, to, port, reading }: Asked) => {
  const { egress, ingress } = judge({ namespaces, policies: [one] }, from, to, port, reading);
  return Boolean(egress?.selecting.length || ingress?.selecting.length);
};
const holds = <T extends unknown[]>(property: fc.IProperty<T>) => fc.assert(property, { numRuns: 2000 });

describe("network policies: properties", () => {
  it("without policies all is open", () => {
    holds(fc.property(asked, (question) => ask([], question)));
  });

  it("another policy changes nothing for pods that it does not select", () => {
    holds(
      fc.property(policies, policy, asked, (all, more, question) => {
        fc.pre(!selectedBy(more, question));
        return ask([...all, more], question) === ask(all, question);
      }),
    );
  });

  it("a policy without rules never opens anything", () => {
    holds(
      fc.property(policies, policy, asked, (all, { metadata, spec }, question) => {
        const closing = { metadata, spec: { podSelector: spec.podSelector, policyTypes: spec.policyTypes } };
        return ask(all, question) || !ask([...all, closing], question);
      }),
    );
  });

  it("another rule of a policy never closes anything", () => {
    const both = { policyTypes: ["Ingress", "Egress"] };
    holds(
      fc.property(policies, policy, ingressRule, egressRule, asked, (all, { metadata, spec }, into, out, question) => {
        const { ingress = [], egress = [] } = spec;
        const before = { metadata, spec: { ...spec, ...both } };
        const after = { metadata, spec: { ...spec, ...both, ingress: [...ingress, into], egress: [...egress, out] } };
        return !ask([...all, before], question) || ask([...all, after], question);
      }),
    );
  });

  it("what is open by selectors is open by addresses", () => {
    holds(
      fc.property(policies, asked, (all, question) => {
        return !ask(all, { ...question, reading: "selectors" }) || ask(all, { ...question, reading: "addresses" });
      }),
    );
  });

  it("the order of policies says nothing", () => {
    holds(fc.property(policies, asked, (all, question) => ask([...all].reverse(), question) === ask(all, question)));
  });
});
