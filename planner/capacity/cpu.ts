import type { TierSpec } from "../../tiers";
import { type Part, partsOf, poolOf, poolsOf, requestsOf, type Workload } from "../../tiers/capacity";
import { formatProblem } from "../../tiers/problem";
import { type NodeType, sizes, unknownSize } from "../../tiers/sizes";
import type { Coefficients } from "./coefficients";

/** Returns an instance type of the catalogue. Throws a RangeError for any other. */
function instanceOf(type: string): NodeType {
  const found = sizes.instance(type);
  if (!found) throw new RangeError(formatProblem(unknownSize("nodes.instanceTypes", type, sizes.instanceTypes)));
  return found;
}

/** Returns the vCPUs of an RDS instance class. Throws a RangeError for one that is not in the catalogue. */
export function databaseCpus(instanceClass: string): number {
  const found = sizes.database(instanceClass);
  if (!found)
    throw new RangeError(formatProblem(unknownSize("postgres.instanceClass", instanceClass, sizes.databaseClasses)));
  return found.vcpu;
}

const cpusOf = (parts: readonly Part[]) => requestsOf(parts).cpuMillicores / 1000;

/** What takes CPU of the nodes, and serves no request. */
const besides: Part["name"][] = ["workers", "observability", "node exporter", "log store", "log agent"];

/**
 * Returns the CPUs that the application and the pods beside it have of the nodes, with every node running. Workers and
 * what watches the product take what they request, or their share of it where the nodes have less. Undefined on an existing
 * cluster: nobody knows its nodes.
 */
export function nodeCpus(spec: TierSpec, workload: Workload, values: Coefficients): number | undefined {
  const { target } = spec;
  if (target.kind === "existing") return undefined;
  const [pool = "node"] = poolsOf(target);
  const { instanceTypes, maxNodes } = poolOf(target, pool);
  const { vcpu, cpuBaseline = 1 } = instanceOf(instanceTypes[0] ?? "");
  const isLimited = target.kind === "k3s" && target.cpuCredits === "standard";
  const lasting = isLimited ? cpuBaseline + (1 - cpuBaseline) * values.burst : 1;
  const system = target.kind === "k3s" ? values.k3sCpu : values.eksNodeCpu;
  const available = Math.max(0, maxNodes * (vcpu * lasting - system));
  const parts = partsOf(spec, workload).filter((part) => part.pool === pool && part.name !== "system");
  const beside = cpusOf(parts.filter(({ name }) => besides.includes(name)));
  const others = cpusOf(parts) - beside;
  return Math.max(available - beside, (available * others) / (others + beside));
}
