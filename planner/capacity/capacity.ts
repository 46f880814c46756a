import type { RequiredLoad, TierSpec } from "../../tiers";
import type { Workload } from "../../tiers/capacity";
import { budgetOf } from "../../tiers/connections";
import { withOwnSize } from "../../tiers/sizes";
import { assumedCoefficients, assumptionsOf, type Coefficients, type CoefficientsFile, valuesOf } from "./coefficients";
import { type Resource, redisMemoryMiB, resourcesOf, visitsOf } from "./resources";
import type { Capacity, CarriedLoad, Limit } from "./types";

/** Rounds down to three digits: the model knows no more. */
function rounded(value: number): number {
  if (value < 1) return 0;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 2);
  return Math.floor(value / step + 1e-9) * step;
}

/** Requests a second at which a resource reaches its target. */
const rateOf = ({ available, target, demand }: Resource) => (demand > 0 ? (available * target) / demand : Infinity);

const limitOf = (resource: Resource): Limit => ({
  path: resource.path,
  resource: resource.resource,
  requestsPerMinute: rounded(60 * rateOf(resource)),
  raisedBy: resource.raisedBy,
});

/** Seconds of a request at the bottleneck's target, where waiting stretches what is served to 1 / (1 - utilisation). */
function secondsOf(values: Coefficients): number {
  const { reads, writes, commands } = visitsOf(values);
  const served =
    values.applicationCpuMs +
    values.gatewayCpuMs +
    (reads + writes) * values.queryHoldMs +
    commands * values.redisCpuMs;
  return (served / (1 - values.cpuTarget) + values.otherMs) / 1000;
}

/** By Little's law users = rate x (time of a request + time to think), and Redis has the memory for no more. */
function usersOf(spec: TierSpec, requestsPerSecond: number, values: Coefficients): number {
  const active = requestsPerSecond * (secondsOf(values) + values.thinkSeconds);
  return Math.min(active, (redisMemoryMiB(spec) * 1024 * values.memoryTarget) / values.redisKiBPerUser);
}

/** Jobs a minute of every queue's workers at their maximum: what their slots finish, and what their CPU requests do. */
function jobsOf({ workers }: TierSpec, { queues }: Workload, values: Coefficients): number {
  const perSecond = queues.map((own) => {
    const { cpuMillicores } = withOwnSize(workers.container, own);
    const cpus = Math.min(values.threadsPerPod, cpuMillicores / 1000) * values.cpuTarget;
    return workers.maxReplicas * Math.min(values.jobsPerWorker / values.jobSeconds, (cpus * 1000) / values.jobCpuMs);
  });
  return 60 * perSecond.reduce((sum, one) => sum + one, 0);
}

function loadOf(spec: TierSpec, workload: Workload, values: Coefficients): CarriedLoad {
  const resources = resourcesOf(spec, workload, values);
  const requestsPerSecond = Math.min(...resources.map(rateOf));
  const { reads, writes } = visitsOf(values);
  const queries = resources
    .filter(({ queryDemand }) => queryDemand > 0)
    .map(({ available, target, queryDemand }) => (available * target * (reads + writes)) / queryDemand);
  return {
    requestsPerMinute: rounded(60 * requestsPerSecond),
    queriesPerSecond: rounded(Math.min(...queries)),
    concurrentUsers: rounded(usersOf(spec, requestsPerSecond, values)),
    jobsPerMinute: rounded(jobsOf(spec, workload, values)),
  };
}

/**
 * Returns what sizes carry, by the model of docs/capacity.md. Sizes of any combination may be asked about, so "what if"
 * is a call with other sizes. Throws a RangeError for sizes outside the catalogue or pools that do not fit.
 * @param workload  the queues, schedules and migration beside the application
 * @param file      @default the coefficients that come with the planner, which nobody measured
 */
export function capacityOf(spec: TierSpec, workload: Workload, file: CoefficientsFile = assumedCoefficients): Capacity {
  const expected = valuesOf(file, "expected");
  const carried = loadOf(spec, workload, expected);
  const { clientConnections, serverConnections, maxConnections } = budgetOf(spec);
  const limits = resourcesOf(spec, workload, expected)
    .sort((a, b) => rateOf(a) - rateOf(b))
    .map(limitOf);
  const figures = { ...carried, clientConnections };
  const required = Object.keys(spec.load) as (keyof RequiredLoad)[];
  return {
    ...carried,
    clientConnections,
    serverConnections,
    maxConnections,
    redisMemoryMiB: redisMemoryMiB(spec),
    low: loadOf(spec, workload, valuesOf(file, "low")),
    high: loadOf(spec, workload, valuesOf(file, "high")),
    required: spec.load,
    missed: required.filter((figure) => figures[figure] < (spec.load[figure] ?? 0)),
    bottleneck: limits[0] as Limit,
    limits,
    measured: file.measured,
    assumptions: assumptionsOf(file),
  };
}
