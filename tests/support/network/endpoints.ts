import { k3sNetworks } from "../../../components/cluster/k3s/networks";
import { subnetsOf, type ZoneSubnets } from "../../../components/network/subnets";
import type { TargetKind } from "../../../tiers";
import type { AddressEndpoint, Endpoint, PodEndpoint } from "./evaluate";
import type { NetworkFacts } from "./facts";
import type { Workload } from "./workloads";

/** Pods that no stack creates: an intruder in each namespace, and the add-ons of the cluster. */
const outsiders: Workload[] = [
  ...["app", "data", "default"].map((namespace) => ({
    namespace,
    name: "intruder",
    labels: { run: "intruder" },
    containerPorts: [],
  })),
  {
    namespace: "kube-system",
    name: "traefik",
    labels: { "app.kubernetes.io/name": "traefik" },
    containerPorts: [{ containerPort: 8000 }, { containerPort: 8443 }],
  },
  {
    namespace: "kube-system",
    name: "coredns",
    labels: { "k8s-app": "kube-dns" },
    containerPorts: [{ containerPort: 53, protocol: "UDP" }, { containerPort: 53 }],
  },
  {
    namespace: "keda",
    name: "keda-operator",
    labels: { app: "keda-operator" },
    containerPorts: [{ containerPort: 9666 }],
  },
];

/** One in each namespace of what watches the product, where there are any. */
const watching = ({ observability, logs }: NetworkFacts): Workload[] =>
  [...(observability ? ["observability"] : []), ...(logs ? ["log-agent"] : [])].map((namespace) => ({
    namespace,
    name: "intruder",
    labels: { run: "intruder" },
    containerPorts: [],
  }));

/** The API server's Service, which only some network plugins see in a policy's place. */
const apiServices: Record<TargetKind, string[]> = {
  existing: [],
  k3s: ["10.43.0.1"],
  eks: ["172.20.0.1", "10.100.0.1"],
};
/** Titles of the addresses of the API server's Service. */
export const apiTitles = ({ target, observability }: NetworkFacts) =>
  observability ? apiServices[target].map((ip) => `API ${ip}`) : [];

const subnets = ({ networkCidr }: NetworkFacts) => subnetsOf(networkCidr, ["a", "b", "c"]);

/** Title of the address that stands for a network of `app.egress`: its first. */
export const egressTitle = (cidr: string) => `egress ${cidr}`;

/** Addresses outside the cluster, and one in each subnet of the VPC. */
function addresses(facts: NetworkFacts): AddressEndpoint[] {
  const ofSubnets = subnets(facts).flatMap(({ publicCidr, privateCidr }, at) => [
    [`public subnet ${at}`, addressIn(publicCidr, 9)],
    [`private subnet ${at}`, addressIn(privateCidr, 9)],
  ]);
  const named: Record<string, string> = {
    internet: "198.51.100.20",
    "instance metadata": "169.254.169.254",
    "AWS credentials": "169.254.170.23",
    ...Object.fromEntries(ofSubnets),
    ...Object.fromEntries(apiTitles(facts).map((title) => [title, title.replace("API ", "")])),
    ...Object.fromEntries(
      facts.egress
        .filter(({ cidr }) => cidr !== "any")
        .map(({ cidr }) => [egressTitle(cidr), cidr.replace(/\/.*/, "")]),
    ),
    // Cluster DNS of EKS, in either of its two service networks, and a node-local DNS cache.
    "DNS 172.20.0.10": "172.20.0.10",
    "DNS 10.100.0.10": "10.100.0.10",
    "DNS 169.254.20.10": "169.254.20.10",
  };
  return Object.entries(named).map(([name, ip]) => ({ kind: "address", name, ip }));
}

/** The address in a network of at least 256 addresses that ends in `last`. */
const addressIn = (cidr: string, last: number) => cidr.replace(/\d+\/\d+$/, `${last}`);

/** The network of the pods: on EKS their node's subnet, elsewhere a separate one, here the one of k3s. */
function podCidr(facts: NetworkFacts): string {
  if (facts.target !== "eks") return k3sNetworks.pods;
  const [, { publicCidr, privateCidr }] = subnets(facts) as [ZoneSubnets, ZoneSubnets];
  return facts.publicNodes ? publicCidr : privateCidr;
}

/** All endpoints of the matrix: the workloads, the outsiders and the addresses. */
export function endpointsOf(workloads: Workload[], facts: NetworkFacts): Endpoint[] {
  const pods = [...workloads, ...outsiders, ...watching(facts)].map(
    (workload, at): PodEndpoint => ({ kind: "pod", ...workload, ip: addressIn(podCidr(facts), at + 10) }),
  );
  return [...pods, ...addresses(facts)];
}

/** Name of an endpoint in the matrix: `namespace/name` for a pod. */
export const titleOf = (endpoint: Endpoint) =>
  endpoint.kind === "pod" ? `${endpoint.namespace}/${endpoint.name}` : endpoint.name;
