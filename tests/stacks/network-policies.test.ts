import { expect } from "chai";
import { titleOf } from "../support/network/endpoints";
import { judge, type Port, type Reading, reaches, type World } from "../support/network/evaluate";
import {
  bankWeb,
  db,
  desk,
  everybody,
  job,
  namespaces,
  office,
  onDb,
  onWeb,
  pod,
  tcp,
  web,
} from "../support/network/example";
import type { IngressRule, NetworkPolicy, PolicyPort } from "../support/network/policy";

/*
 * What the documentation of Kubernetes says of NetworkPolicies, with the traps that ahmetb/kubernetes-network-policy-
 * recipes collects.
 */

type Spec = NetworkPolicy["spec"];

const worldWith = (...specs: Spec[]): World => ({
  namespaces,
  policies: specs.map((spec, at) => ({ metadata: { name: `policy-${at}`, namespace: "shop" }, spec })),
});

/** Who reaches the database, by the rules of a policy for it. */
const sources = (ingress: IngressRule[] | undefined, reading: Reading = "selectors") => {
  const world = worldWith({ podSelector: onDb, policyTypes: ["Ingress"], ...(ingress && { ingress }) });
  return everybody.filter((from) => reaches(world, from, db, tcp(5432), reading)).map(titleOf);
};
/** Whom the peers of one rule let in. */
const peers = (...from: NonNullable<IngressRule["from"]>) => sources([{ from }]);

const everyName = everybody.map(titleOf);

describe("network policies: who may come in", () => {
  const cases: [title: string, found: () => string[], expected: string[]][] = [
    ["no rule lets nobody in", () => sources(undefined), []],
    ["an empty list of rules lets nobody in", () => sources([]), []],
    ["an empty rule lets everybody in", () => sources([{}]), everyName],
    ["an empty list of peers is no list", () => sources([{ from: [] }]), everyName],
    ["a peer that says nothing means everybody", () => peers({}), everyName],
    ["an empty podSelector means the policy's namespace", () => peers({ podSelector: {} }), ["shop/web", "shop/job"]],
    ["a podSelector does not leave the namespace", () => peers({ podSelector: onWeb }), ["shop/web"]],
    [
      "an empty namespaceSelector means every pod and no address",
      () => peers({ namespaceSelector: {} }),
      ["shop/web", "shop/job", "bank/web", "bank/job"],
    ],
    [
      "a namespaceSelector goes by the namespace's labels",
      () => peers({ namespaceSelector: { matchLabels: { team: "finance" } } }),
      ["bank/web", "bank/job"],
    ],
    [
      "every namespace has its name for a label",
      () => peers({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "bank" } } }),
      ["bank/web", "bank/job"],
    ],
    [
      "both selectors in one peer must match",
      () => peers({ namespaceSelector: { matchLabels: { team: "finance" } }, podSelector: onWeb }),
      ["bank/web"],
    ],
    [
      "selectors in two peers are two ways in",
      () => peers({ namespaceSelector: { matchLabels: { team: "finance" } } }, { podSelector: onWeb }),
      ["shop/web", "bank/web", "bank/job"],
    ],
    [
      "rules add up",
      () => sources([{ from: [{ podSelector: onWeb }] }, { from: [{ ipBlock: { cidr: "203.0.113.0/25" } }] }]),
      ["shop/web", "office"],
    ],
    ["an ipBlock means addresses", () => peers({ ipBlock: { cidr: "0.0.0.0/0" } }), ["office", "desk"]],
    [
      "an ipBlock leaves out its exceptions",
      () => peers({ ipBlock: { cidr: "203.0.113.0/24", except: ["203.0.113.128/25"] } }),
      ["office"],
    ],
    ["an ipBlock of IPv6", () => peers({ ipBlock: { cidr: "2001:db8::/32" } }), ["v6"]],
    [
      "an ipBlock means pods too, read by addresses",
      () => sources([{ from: [{ ipBlock: { cidr: "10.42.7.0/24" } }] }], "addresses"),
      ["bank/web", "bank/job"],
    ],
  ];
  for (const [title, found, expected] of cases)
    it(title, () => {
      expect(found()).to.deep.equal(expected);
    });

  const expressions: [key: string, operator: string, values: string[] | undefined, expected: string[]][] = [
    ["tier", "In", ["front", "side"], ["shop/web"]],
    ["tier", "NotIn", ["front"], ["shop/job", "shop/bare"]],
    ["tier", "Exists", undefined, ["shop/web", "shop/job"]],
    ["tier", "DoesNotExist", undefined, ["shop/bare"]],
  ];
  for (const [key, operator, values, expected] of expressions)
    it(`${key} ${operator} ${values ?? ""}`, () => {
      const podSelector = { matchExpressions: [{ key, operator, ...(values && { values }) }] };
      const world = worldWith({ podSelector: onDb, ingress: [{ from: [{ podSelector }] }] });
      const pods = [web, job, pod("shop", "bare", "10.42.0.9")];
      expect(pods.filter((from) => reaches(world, from, db, tcp(1), "selectors")).map(titleOf)).to.deep.equal(expected);
    });

  it("an operator that does not exist is an error", () => {
    const world = worldWith({ podSelector: { matchExpressions: [{ key: "app", operator: "Gt" }] } });
    expect(() => reaches(world, web, db, tcp(1), "selectors")).to.throw(
      "label selector: the operator Gt; allowed: In, NotIn, Exists, DoesNotExist",
    );
  });
});

describe("network policies: ports", () => {
  const asked: Port[] = [...[53, 5432, 5433, 5440, 5441].map(tcp), { protocol: "UDP", port: 53 }];
  const opened = (...ports: PolicyPort[]) => {
    const world = worldWith({ podSelector: onDb, ingress: [{ ports }] });
    const open = asked.filter((port) => reaches(world, web, db, port, "selectors"));
    return open.map(({ protocol, port }) => `${protocol} ${port}`);
  };
  const all = asked.map(({ protocol, port }) => `${protocol} ${port}`);
  const cases: [title: string, found: string[], expected: string[]][] = [
    ["an empty list means all", opened(), all],
    ["the protocol is TCP by default", opened({ port: 53 }), ["TCP 53"]],
    ["a protocol alone means all its ports", opened({ protocol: "UDP" }), ["UDP 53"]],
    ["an entry that says nothing means all of TCP", opened({}), all.filter((port) => port !== "UDP 53")],
    ["a range has both its ends", opened({ port: 5433, endPort: 5440 }), ["TCP 5433", "TCP 5440"]],
    ["a name is the target's", opened({ port: "sql" }), ["TCP 5432"]],
    ["a name has its protocol", opened({ port: "dns" }), []],
    ["a name of UDP", opened({ port: "dns", protocol: "UDP" }), ["UDP 53"]],
    ["a name that nobody has", opened({ port: "http" }), []],
    ["entries add up", opened({ port: 5432 }, { port: 53, protocol: "UDP" }), ["TCP 5432", "UDP 53"]],
  ];
  for (const [title, found, expected] of cases)
    it(title, () => {
      expect(found).to.deep.equal(expected);
    });

  it("a name leads to no address", () => {
    const world = worldWith({ podSelector: onWeb, policyTypes: ["Egress"], egress: [{ ports: [{ port: "sql" }] }] });
    expect([db, office].map((to) => reaches(world, web, to, tcp(5432), "selectors"))).to.deep.equal([true, false]);
  });
});

describe("network policies: directions", () => {
  /** Whether the web reaches the database, and the database the web. */
  const both = (...specs: Spec[]) => {
    const world = worldWith(...specs);
    return [reaches(world, web, db, tcp(5432), "selectors"), reaches(world, db, web, tcp(5432), "selectors")];
  };
  const fromWeb: Spec = { podSelector: onDb, ingress: [{ from: [{ podSelector: onWeb }] }] };
  const denyAll: Spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
  const cases: [title: string, found: boolean[], expected: boolean[]][] = [
    ["without a policy all is open", both(), [true, true]],
    ["by default a policy is for what comes in", both({ podSelector: onDb }), [false, true]],
    ["an empty list of types is none", both({ podSelector: onDb, policyTypes: [] }), [false, true]],
    ["an omitted podSelector selects all", both({}), [false, false]],
    ["an empty egress is none", both({ podSelector: onDb, egress: [] }), [false, true]],
    [
      "an egress rule makes it for what goes out, too",
      both({ podSelector: onDb, egress: [{ to: [{ podSelector: onDb }] }] }),
      [false, false],
    ],
    [
      "rules of a direction that is not the policy's count for nothing",
      both({ podSelector: onDb, policyTypes: ["Egress"], ingress: [], egress: [{}] }),
      [true, true],
    ],
    ["what one policy allows no other denies", both(fromWeb, { podSelector: onDb }), [true, true]],
    ["a way out is no way in", both(denyAll, { podSelector: onWeb, egress: [{}] }), [false, false]],
    ["a way in is no way out", both(denyAll, fromWeb), [false, false]],
    ["both together are a way", both(denyAll, fromWeb, { podSelector: onWeb, egress: [{}] }), [true, false]],
  ];
  for (const [title, found, expected] of cases)
    it(title, () => {
      expect(found).to.deep.equal(expected);
    });

  it("a policy is for pods of its namespace", () => {
    const world = { namespaces, policies: [{ metadata: { name: "deny", namespace: "bank" }, spec: denyAll }] };
    expect([db, bankWeb].map((to) => reaches(world, office, to, tcp(1), "selectors"))).to.deep.equal([true, false]);
  });

  it("names the policies of either end", () => {
    const { policies } = worldWith(denyAll, fromWeb);
    const world = { namespaces, policies: policies.reverse() };
    expect(judge(world, web, db, tcp(5432), "selectors")).to.deep.equal({
      open: false,
      egress: { selecting: ["shop/policy-0"], allowing: [] },
      ingress: { selecting: ["shop/policy-0", "shop/policy-1"], allowing: ["shop/policy-1"] },
    });
    expect(judge(world, office, desk, tcp(1), "selectors")).to.deep.equal({
      open: true,
      egress: undefined,
      ingress: undefined,
    });
  });
});
