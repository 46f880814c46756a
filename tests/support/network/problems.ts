import type { KubernetesObject } from "../objects";
import { endpointsOf, titleOf } from "./endpoints";
import { type Endpoint, isOpen, judge, type Port, type Reading, reaches, type Side, type World } from "./evaluate";
import type { NetworkFacts } from "./facts";
import { allowedBy, type Matrix, matches, matrixOf, portText, rowsBetween } from "./matrix";
import { workloadsOf, worldOf } from "./workloads";

/** From the most closed to the most open. */
const verdicts = ["closed", "open by address", "open"] as const;
type Verdict = (typeof verdicts)[number];

/** Ports checked for every pair besides those of containers: common targets of attacks, and the bus of a Redis cluster. */
const commonPorts: Port[] = [
  ...[22, 53, 80, 443, 5432, 6379, 6443, 9400, 16379].map((port) => ({ protocol: "TCP", port }) as const),
  { protocol: "UDP", port: 53 },
];

function portsOf(endpoints: Endpoint[], { egress }: NetworkFacts): Port[] {
  const own = endpoints.flatMap((endpoint) => (endpoint.kind === "pod" ? endpoint.containerPorts : []));
  const others = egress.flatMap(({ ports }) => ports.map((port) => ({ protocol: "TCP", port }) as const));
  const checked = [
    ...commonPorts,
    ...others,
    ...own.map(({ containerPort: port, protocol = "TCP" }) => ({ protocol, port })),
  ];
  return [...new Map(checked.map((port) => [portText(port), port])).values()].sort((a, b) => a.port - b.port);
}

function actual(world: World, from: Endpoint, to: Endpoint, port: Port): Verdict {
  const open = (reading: Reading) => reaches(world, from, to, port, reading);
  // A connection that is open by selectors is open by addresses too. Most pairs are closed, so this check comes first.
  if (!open("addresses")) return "closed";
  return open("selectors") ? "open" : "open by address";
}

/** What each port of a pair should be. */
function intended(matrix: Matrix, from: Endpoint, to: Endpoint): (port: Port) => Verdict {
  const [open, openByAddress] = [matrix.open, matrix.openByAddress].map((rows) =>
    rowsBetween(rows, titleOf(from), titleOf(to)),
  ) as [Matrix["open"], Matrix["open"]];
  return (port) => (allowedBy(open, port) ? "open" : allowedBy(openByAddress, port) ? "open by address" : "closed");
}

function sideText(direction: string, side: Side | undefined): string[] {
  if (!side) return [];
  const { selecting, allowing } = side;
  if (selecting.length === 0) return [`${direction}: no policy`];
  return [`${direction}: ${isOpen(side) ? allowing.join(", ") : `none of ${selecting.join(", ")}`}`];
}

/** The policies that allow too much or too little. */
function reason(world: World, from: Endpoint, to: Endpoint, port: Port, is: Verdict, shouldBe: Verdict): string {
  const tooOpen = verdicts.indexOf(is) > verdicts.indexOf(shouldBe);
  const reading = (tooOpen ? is : shouldBe) === "open" ? "selectors" : "addresses";
  const { egress, ingress } = judge(world, from, to, port, reading);
  const blamed = (side: Side | undefined) => (side && (tooOpen || !isOpen(side)) ? side : undefined);
  return [...sideText("egress", blamed(egress)), ...sideText("ingress", blamed(ingress))].join("; ");
}

/** Problems of a pair. Ports with the same problem share a line; `*` is all ports. */
function pairProblems(world: World, matrix: Matrix, from: Endpoint, to: Endpoint, ports: Port[]): string[] {
  const said = new Map<string, Port[]>();
  const intendedOf = intended(matrix, from, to);
  for (const port of ports) {
    const is = actual(world, from, to, port);
    const shouldBe = intendedOf(port);
    if (is === shouldBe) continue;
    const text = `is ${is}, and should be ${shouldBe} (${reason(world, from, to, port, is, shouldBe)})`;
    said.set(text, [...(said.get(text) ?? []), port]);
  }
  return [...said].map(([text, of]) => {
    const listed = of.length === ports.length ? "*" : of.map(portText).join(",");
    return `${titleOf(from)} -> ${titleOf(to)}:${listed} ${text}`;
  });
}

/** Patterns of the matrix that match no endpoint: such a row would check nothing. */
function missing({ open, openByAddress }: Matrix, endpoints: Endpoint[]): string[] {
  const patterns = [...open, ...openByAddress].flatMap(({ from, to }) => [...from, ...to]);
  return [...new Set(patterns)]
    .filter((pattern) => !endpoints.some((endpoint) => matches(pattern, titleOf(endpoint))))
    .map((pattern) => `${pattern}: in the matrix, but no endpoint matches`);
}

/**
 * Where the objects of a stack, as planned or as read from an API server, differ from the intended matrix: one line for
 * each pair of endpoints and problem. Two pods of one workload are a pair. Two addresses are not, because no policy
 * applies between them.
 */
export function networkProblems(objects: KubernetesObject[], facts: NetworkFacts): string[] {
  const world = worldOf(objects);
  const matrix = matrixOf(facts);
  const endpoints = endpointsOf(workloadsOf(objects), facts);
  const ports = portsOf(endpoints, facts);
  const found = endpoints.flatMap((from) =>
    endpoints
      .filter((to) => from.kind === "pod" || to.kind === "pod")
      .flatMap((to) => pairProblems(world, matrix, from, to, ports)),
  );
  return [...new Set([...missing(matrix, endpoints), ...found])];
}
