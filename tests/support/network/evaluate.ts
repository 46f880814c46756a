import { BlockList, isIPv6 } from "node:net";
import {
  type Direction,
  directionsOf,
  type Labels,
  type NetworkPolicy,
  type Peer,
  type PolicyPort,
  selects,
} from "./policy";

/*
 * Which connections the NetworkPolicies of networking.k8s.io/v1 allow (kubernetes.io/docs/concepts/services-networking/
 * network-policies): connections between pods, and between pods and addresses outside of the cluster. Left out: pods on
 * the host's network, a node's way to its own pods, which is always open, a pod's way to itself, and addresses of
 * Services, which are pods' by the time a policy looks.
 */

export interface Port {
  protocol: "TCP" | "UDP" | "SCTP";
  port: number;
}

export interface PodEndpoint {
  kind: "pod";
  name: string;
  namespace: string;
  labels: Labels;
  /** TCP, where a port does not say. */
  containerPorts: { name?: string; containerPort: number; protocol?: Port["protocol"] }[];
  ip: string;
}

/** An address outside the cluster. No selector matches it. */
export interface AddressEndpoint {
  kind: "address";
  name: string;
  ip: string;
}

export type Endpoint = PodEndpoint | AddressEndpoint;

export interface World {
  /** A namespace that is missing here has no label but its name. */
  namespaces: { name: string; labels: Labels }[];
  policies: NetworkPolicy[];
}

/**
 * How a network plugin reads the `ipBlock` of a peer, which Kubernetes leaves open for pods. By `selectors` it means
 * addresses outside of the cluster only (Cilium); by `addresses` also every pod with an address in it (kube-router of
 * k3s, the VPC CNI of EKS, Calico). The second lets through all that the first does: what must work has to work by
 * `selectors`, and what must not has to fail by `addresses`.
 */
export type Reading = "selectors" | "addresses";

/** What the policies of one end of a connection say, each policy as `namespace/name`. */
export interface Side {
  /** The policies that isolate the pod in this direction. Without one, everything is allowed. */
  selecting: string[];
  /** Those of them that allow the connection. */
  allowing: string[];
}

/** Both ends; an address has no side of its own. */
export interface Judgement {
  open: boolean;
  egress?: Side;
  ingress?: Side;
}

const family = (address: string) => (isIPv6(address) ? "ipv6" : "ipv4");

/** A cache of networks: parsing one costs more than asking it. */
const networks = new Map<string, BlockList>();

function networkOf(cidr: string): BlockList {
  const known = networks.get(cidr);
  if (known) return known;
  const [address = "", bits] = cidr.split("/");
  const made = new BlockList();
  made.addSubnet(address, Number(bits), family(address));
  networks.set(cidr, made);
  return made;
}

function inBlock(ip: string, { cidr, except = [] }: NonNullable<Peer["ipBlock"]>): boolean {
  const within = (network: string) => networkOf(network).check(ip, family(ip));
  return within(cidr) && !except.some(within);
}

function namespaceLabels({ namespaces }: World, name: string): Labels {
  const labels = namespaces.find((namespace) => namespace.name === name)?.labels;
  // The API server puts this label on every namespace.
  return { ...labels, "kubernetes.io/metadata.name": name };
}

const namespaceOf = ({ metadata }: NetworkPolicy) => metadata.namespace ?? "default";

function matchesPeer(world: World, policy: NetworkPolicy, peer: Peer, other: Endpoint, reading: Reading): boolean {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  if (ipBlock) return (other.kind === "address" || reading === "addresses") && inBlock(other.ip, ipBlock);
  // The API server rejects an empty peer.
  if (!namespaceSelector && !podSelector) return true;
  if (other.kind === "address") return false;
  const inNamespace = namespaceSelector
    ? selects(namespaceSelector, namespaceLabels(world, other.namespace))
    : other.namespace === namespaceOf(policy);
  return inNamespace && selects(podSelector ?? {}, other.labels);
}

function matchesPort({ protocol = "TCP", port, endPort }: PolicyPort, wanted: Port, target: Endpoint): boolean {
  if (protocol !== wanted.protocol) return false;
  if (port === undefined || port === null) return true;
  if (typeof port === "number") return port <= wanted.port && wanted.port <= (endPort ?? port);
  return (
    target.kind === "pod" &&
    target.containerPorts.some(
      (own) => own.name === port && own.containerPort === wanted.port && (own.protocol ?? "TCP") === protocol,
    )
  );
}

/** An end of the connection, seen from its pod. */
interface View {
  world: World;
  direction: Direction;
  pod: PodEndpoint;
  other: Endpoint;
  target: Endpoint;
  port: Port;
  reading: Reading;
}

function allows(policy: NetworkPolicy, { world, direction, other, target, port, reading }: View): boolean {
  const { ingress = [], egress = [] } = policy.spec;
  const rules =
    direction === "Ingress"
      ? ingress.map(({ from, ports }) => ({ peers: from, ports }))
      : egress.map(({ to, ports }) => ({ peers: to, ports }));
  return rules.some(
    ({ peers, ports }) =>
      (!ports?.length || ports.some((entry) => matchesPort(entry, port, target))) &&
      (!peers?.length || peers.some((peer) => matchesPeer(world, policy, peer, other, reading))),
  );
}

/** What `isolating` found, by world and pod: it is asked for every port of every pair. Neither changes meanwhile. */
const isolated = new WeakMap<World, Map<PodEndpoint, Partial<Record<Direction, NetworkPolicy[]>>>>();

/** The policies that isolate the pod in this direction. */
function isolating({ world, direction, pod }: View): NetworkPolicy[] {
  const pods = isolated.get(world) ?? new Map<PodEndpoint, Partial<Record<Direction, NetworkPolicy[]>>>();
  isolated.set(world, pods);
  const known = pods.get(pod) ?? {};
  pods.set(pod, known);
  known[direction] ??= world.policies.filter(
    (policy) =>
      namespaceOf(policy) === pod.namespace &&
      directionsOf(policy).includes(direction) &&
      selects(policy.spec.podSelector ?? {}, pod.labels),
  );
  return known[direction];
}

const namesOf = (policies: NetworkPolicy[]) =>
  policies.map((policy) => `${namespaceOf(policy)}/${policy.metadata.name}`).sort();

function sideOf(view: View): Side {
  const selecting = isolating(view);
  return { selecting: namesOf(selecting), allowing: namesOf(selecting.filter((policy) => allows(policy, view))) };
}

/** Whether one end allows the connection. */
export const isOpen = ({ selecting, allowing }: Side) => selecting.length === 0 || allowing.length > 0;

/** The ends of a connection that are pods. */
function viewsOf(world: World, from: Endpoint, to: Endpoint, port: Port, reading: Reading) {
  const common = { world, target: to, port, reading };
  return {
    egress: from.kind === "pod" ? ({ ...common, direction: "Egress", pod: from, other: to } as const) : undefined,
    ingress: to.kind === "pod" ? ({ ...common, direction: "Ingress", pod: to, other: from } as const) : undefined,
  };
}

/** Whether a connection is allowed, and the policies at either end that decide it. */
export function judge(world: World, from: Endpoint, to: Endpoint, port: Port, reading: Reading): Judgement {
  const views = viewsOf(world, from, to, port, reading);
  const egress = views.egress && sideOf(views.egress);
  const ingress = views.ingress && sideOf(views.ingress);
  const open = [egress, ingress].every((side) => side === undefined || isOpen(side));
  return { open, egress, ingress };
}

/** Whether a connection from one endpoint to a port of another is allowed: as `judge` says, without who decides it. */
export function reaches(world: World, from: Endpoint, to: Endpoint, port: Port, reading: Reading): boolean {
  const { egress, ingress } = viewsOf(world, from, to, port, reading);
  return [egress, ingress].every((view) => {
    if (!view) return true;
    const policies = isolating(view);
    return policies.length === 0 || policies.some((policy) => allows(policy, view));
  });
}
