import { type TierSpec, tiers } from "../tiers";
import { connectionBudget, maxConnectionsOf } from "../tiers/connections";
import { sizes } from "../tiers/sizes";
import { gatewayPorts, providedVariables } from "./names";
import type { Problem } from "./problems";
import type { Settings } from "./schema";

/** What the rules look at: the settings as given, and the sizes they resolve to. */
interface Facts {
  settings: Settings;
  spec: TierSpec;
}

/** A rule between fields: the problems it finds, each without the project's prefix in `where`. */
type Rule = (facts: Facts) => (Problem | false | undefined)[];

const duplicates = (words: readonly string[]) => [...new Set(words.filter((word, at) => words.indexOf(word) !== at))];

const clusterAccess: Rule = ({ settings }) => [
  settings.cluster === "existing" &&
    !settings.kubeconfig && {
      where: "kubeconfig",
      given: "nothing, with cluster: existing",
      allowed: "a path such as ~/.kube/config, or the content of a kubeconfig",
      fix: "set kubeconfig to the cluster to use",
    },
  ...(["kubeconfig", "context", "storageClass"] as const).map(
    (key) =>
      settings.cluster === "aws" &&
      settings[key] !== undefined && {
        where: key,
        given: "a value, with cluster: aws",
        allowed: "nothing: the stack makes the cluster itself",
        fix: `remove ${key}, or set cluster: existing`,
      },
  ),
  settings.cluster === "aws" &&
    !settings.apiAccessCidrs && {
      where: "apiAccessCidrs",
      given: "nothing, with cluster: aws",
      allowed: "a list of 1 to 40 CIDRs such as 203.0.113.7/32",
      fix: "name the networks from which you run pulumi and kubectl; there is no default of 0.0.0.0/0",
    },
];

const cidrs: Rule = ({ settings }) =>
  (settings.apiAccessCidrs ?? []).map((cidr, at) => {
    const [address = "", bits = "0"] = cidr.split("/");
    const sound = address.split(".").every((octet) => Number(octet) <= 255) && Number(bits) >= 8 && Number(bits) <= 32;
    return (
      !sound && {
        where: `apiAccessCidrs[${at}]`,
        given: JSON.stringify(cidr),
        allowed: "a CIDR of /8 to /32, never 0.0.0.0/0",
        fix: "name only the networks from which you run pulumi and kubectl",
      }
    );
  });

const domain: Rule = ({ settings, spec }) => [
  settings.domain !== undefined &&
    settings.hostedZoneId === undefined && {
      where: "hostedZoneId",
      given: `nothing, with domain ${settings.domain}`,
      allowed: "the id of the Route 53 hosted zone that holds the domain",
      fix: "set hostedZoneId, or remove domain",
    },
  settings.hostedZoneId !== undefined &&
    settings.domain === undefined && {
      where: "domain",
      given: `nothing, with hostedZoneId ${settings.hostedZoneId}`,
      allowed: "a domain name of that zone, such as app.example.com",
      fix: "set domain, or remove hostedZoneId",
    },
  // A load balancer's certificate needs a name of one's own; without it the hop from CloudFront would be plain HTTP.
  spec.cluster.kind === "eks" &&
    settings.domain === undefined && {
      where: "domain",
      given: `nothing, with tier ${settings.tier}`,
      allowed: "a domain name: TLS between CloudFront and the load balancer needs a certificate",
      fix: "set domain and hostedZoneId, or stay on mvp or startup",
    },
];

const ranges: Rule = ({ settings, spec }) =>
  (["app", "workers"] as const).map((component) => {
    const { minReplicas, maxReplicas } = spec[component];
    const key = settings[component].minReplicas !== undefined ? "minReplicas" : "maxReplicas";
    return (
      minReplicas > maxReplicas && {
        where: `${component}.${key}`,
        given: `minReplicas ${minReplicas}, maxReplicas ${maxReplicas}`,
        allowed: "minReplicas no larger than maxReplicas",
        fix: `set both ${component}.minReplicas and ${component}.maxReplicas`,
      }
    );
  });

/** Storage never shrinks: nothing below what the tier brings, which is what may be deployed already. */
const storage: Rule = ({ settings, spec }) => {
  const tier = tiers[settings.tier];
  const floors: [where: string, given: number | undefined, floor: number][] = [
    ["postgres.storageGiB", settings.postgres.storageGiB, tier.postgres[spec.postgres.place].storageGiB],
    ["redis.storageGiB", settings.redis.storageGiB, tier.redis.cluster.storageGiB],
    ["nodes.dataVolumeGiB", settings.nodes.dataVolumeGiB, tier.dataVolumeGiB],
  ];
  const { storageGiB, maxStorageGiB } = spec.postgres.managed;
  return [
    ...floors.map(
      ([where, value, floor]) =>
        value !== undefined &&
        value < floor && {
          where,
          given: `${value} GiB`,
          allowed: `${floor} GiB or more: storage never shrinks, and tier ${settings.tier} has ${floor}`,
          fix: `remove ${where}, or raise it`,
        },
    ),
    // RDS: the bound of autoscaling lies at least a tenth above the storage.
    settings.postgres.maxStorageGiB !== undefined &&
      maxStorageGiB < storageGiB * 1.1 && {
        where: "postgres.maxStorageGiB",
        given: `${maxStorageGiB} GiB`,
        allowed: `${Math.ceil(storageGiB * 1.1)} GiB or more: a tenth above postgres.storageGiB (${storageGiB})`,
        fix: "raise postgres.maxStorageGiB, or remove it",
      },
  ];
};

const catalogued = (where: string, given: string, known: string[]): Problem | false =>
  !known.includes(given) && {
    where,
    given: JSON.stringify(given),
    allowed: known.join(", "),
    fix: `choose a size of tiers/catalogues/aws-sizes.json, or add ${given} there with its source`,
  };

const nodeSizes: Rule = ({ settings, spec }) => {
  // k3s asks for 2 cores and 2 GiB; EKS Auto Mode starts nothing smaller than that either, nor nano, micro and small.
  const auto = spec.cluster.kind === "eks";
  const fits = (type: string) => {
    const size = sizes.instance(type);
    return !!size && size.vcpu >= 2 && size.memoryGiB >= 2 && !(auto && /\.(nano|micro|small)$/.test(type));
  };
  const allowed = sizes.instanceTypes.filter(fits);
  return (["instanceTypes", "spotInstanceTypes"] as const).flatMap((key) =>
    (settings.nodes[key] ?? []).map((type, at) => catalogued(`nodes.${key}[${at}]`, type, allowed)),
  );
};

const storeSizes: Rule = ({ settings }) => [
  settings.postgres.instanceClass !== undefined &&
    catalogued("postgres.instanceClass", settings.postgres.instanceClass, sizes.databaseClasses),
  settings.redis.nodeType !== undefined && catalogued("redis.nodeType", settings.redis.nodeType, sizes.cacheNodeTypes),
];

/** An override that the tier would silently pass over is a mistake the user should hear of. */
const withoutEffect: Rule = ({ settings, spec }) => {
  const inCluster = { reason: "runs in the cluster here", fix: "remove it, or move to a tier with the managed store" };
  const managed = { reason: "is managed by AWS here", fix: "remove it" };
  const { storageGiB: _, ...managedPostgres } = settings.postgres;
  const { storageGiB, memoryMiB, ...managedRedis } = settings.redis;
  const unused: [string, Record<string, unknown>, typeof managed | false][] = [
    ["postgres", managedPostgres, spec.postgres.place === "cluster" && inCluster],
    ["redis", managedRedis, spec.redis.place === "cluster" && inCluster],
    ["redis", { storageGiB, memoryMiB }, spec.redis.place === "managed" && managed],
  ];
  return unused.flatMap(([component, overrides, why]) =>
    Object.entries(overrides).map(
      ([key, value]) =>
        why &&
        value !== undefined && {
          where: `${component}.${key}`,
          given: JSON.stringify(value),
          allowed: `nothing: ${component} ${why.reason}`,
          fix: why.fix,
        },
    ),
  );
};

/** pods x pools x (pool + reserve) <= max_connections - headroom. */
const pools: Rule = ({ settings, spec }) => {
  const maxConnections = maxConnectionsOf(spec.postgres);
  if (maxConnections === undefined) return [];
  const budget = connectionBudget(spec.postgres, spec.pgbouncer, maxConnections);
  const { podsAtMost: pods, poolsPerPod, poolSize, largestPoolSize, reservePoolSize, headroom } = budget;
  const sum = `${pods} pods in a rollout x ${poolsPerPod} pools x (pool + ${reservePoolSize}) must fit ${maxConnections} - ${headroom}`;
  if (largestPoolSize < 1)
    return [
      {
        where: settings.pgbouncer.replicas !== undefined ? "pgbouncer.replicas" : "pgbouncer.reservePoolSize",
        given: `${spec.pgbouncer.replicas} pods with a reserve of ${reservePoolSize}`,
        allowed: `as many as the database's connections allow: ${sum}`,
        fix: "lower pgbouncer.replicas or pgbouncer.reservePoolSize, or choose a larger postgres.instanceClass",
      },
    ];
  return [
    poolSize > largestPoolSize && {
      where: "pgbouncer.poolSize",
      given: `${poolSize}`,
      allowed: `1 to ${largestPoolSize}: ${sum}`,
      fix: "lower pgbouncer.poolSize or pgbouncer.replicas, or choose a larger postgres.instanceClass",
    },
    poolSize < 1 && {
      where: "pgbouncer.reservePoolSize",
      given: `${reservePoolSize}`,
      allowed: `a reserve that leaves room for a pool within ${spec.pgbouncer.serverConnections} connections`,
      fix: "lower pgbouncer.reservePoolSize or pgbouncer.replicas, or set pgbouncer.poolSize",
    },
  ];
};

const names: Rule = ({ settings }) => [
  ...duplicates(settings.queues.map((queue) => queue.name)).map((name) => ({
    where: "queues",
    given: `two queues named ${name}`,
    allowed: "queues of different names",
    fix: "rename one of them",
  })),
  ...(["environment", "secrets"] as const).flatMap((key) =>
    Object.keys(settings.app[key]).map(
      (name) =>
        (providedVariables as readonly string[]).includes(name) && {
          where: `app.${key}.${name}`,
          given: "a variable that the stack provides",
          allowed: `any name but ${providedVariables.join(", ")}`,
          fix: "remove it: the stack sets it",
        },
    ),
  ),
  ...Object.keys(settings.app.secrets).map(
    (name) =>
      name in settings.app.environment && {
        where: `app.environment.${name}`,
        given: "a name that app.secrets has too",
        allowed: "a variable in one of the two",
        fix: "remove it from app.environment",
      },
  ),
];

/** The gateway listens in the same pod. */
const port: Rule = ({ settings }) => [
  gatewayPorts.includes(settings.app.port) && {
    where: "app.port",
    given: `${settings.app.port}`,
    allowed: `any port from 1024 but ${gatewayPorts.join(" and ")}, on which the gateway in the pod listens`,
    fix: "let the application listen elsewhere: it is told by PORT",
  },
];

const regions: Rule = ({ settings, spec }) => [
  spec.postgres.managed.crossRegionBackups &&
    spec.postgres.place === "managed" &&
    settings.backupRegion === settings.region && {
      where: "backupRegion",
      given: settings.backupRegion,
      allowed: "a region other than region",
      fix: "choose another backupRegion",
    },
];

const rules: Rule[] = [
  clusterAccess,
  cidrs,
  domain,
  ranges,
  storage,
  nodeSizes,
  storeSizes,
  withoutEffect,
  pools,
  names,
  port,
  regions,
];

/** Every rule between fields that the settings break. */
export function brokenRules(project: string, settings: Settings, spec: TierSpec): Problem[] {
  return rules
    .flatMap((rule) => rule({ settings, spec }))
    .filter((problem): problem is Problem => !!problem)
    .map((problem) => ({ ...problem, where: `${project}:${problem.where}` }));
}
