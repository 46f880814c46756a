import { parseSettings } from "../../../config/parse";
import { SettingsError } from "../../../config/problems";
import { resolveSpec } from "../../../config/resolve";
import { readProject, readStack } from "../../../planner/stacks";
import type { Place, TargetKind } from "../../../tiers";
import { keepsLogs } from "../../../tiers/observability";
import { testProject } from "../project";

/** The settings that decide which connections a stack allows. */
export interface NetworkFacts {
  target: TargetKind;
  /** The VPC, a /16; any private network on an existing cluster. */
  networkCidr: string;
  /** Whether nodes, and on EKS their pods, are in the public subnets of the VPC. */
  publicNodes: boolean;
  /** Whether there are worker pools. */
  workers: boolean;
  /** Where the stores in use are. */
  postgres: Place;
  redis: Place;
  /** Whether the in-cluster stores are kept beside the managed ones. */
  keptStores: boolean;
  /** Whether ElastiCache is kept beside the in-cluster Redis. */
  keptCache: boolean;
  /** Whether both an in-cluster and a managed Postgres are there. */
  bothStores: boolean;
  /** Whether a handover between them is on. */
  handover: boolean;
  /** Whether there are scheduled jobs. */
  schedules: boolean;
  /** Whether there is a migration. */
  migration: boolean;
  /** Networks that the application may connect to besides. */
  egress: { cidr: string; ports: number[] }[];
  /** Port of the node's AWS credentials for pods with an IAM role; undefined without a role. */
  credentialsPort: number | undefined;
  /** Whether something watches the product from a namespace of its own. */
  observability: boolean;
  /** Port of the mail server that alerts go to; undefined where nothing is mailed. */
  mailPort: number | undefined;
  /** Whether the heartbeat of Alertmanager goes to a URL of the user's. */
  heartbeatUrl: boolean;
  /** Whether the logs of the pods are kept, and an agent reads them from a namespace of its own. */
  logs: boolean;
  /** Port of the application and of its workers' metrics. */
  appPort: number;
}

/** Ports of the credentials, by target. */
const credentialsPorts: Partial<Record<TargetKind, number>> = { k3s: 9400, eks: 80 };

/** The facts of one of the project's stacks, from its settings; `overrides` (by full key) in place of its own. */
export function networkFacts(stack: string, overrides: Record<string, string> = {}): NetworkFacts {
  const project = readProject(testProject());
  const { config } = readStack(project, stack);
  const texts = Object.entries({ ...config, ...overrides })
    .filter(([key]) => key.startsWith(`${project.name}:`))
    .map(([key, value]) => [key.slice(project.name.length + 1), value]);
  const { settings, problems } = parseSettings(project.name, Object.fromEntries(texts));
  if (!settings) throw new SettingsError(problems);
  const { target, network, postgres, redis, observability, keep } = resolveSpec(settings);
  return {
    target: target.kind,
    networkCidr: settings.network.cidr,
    publicNodes: network.egress === "public",
    workers: settings.queues.length > 0,
    postgres: postgres.place,
    redis: redis.place,
    keptStores: keep.clusterStores,
    keptCache: redis.place === "cluster" && keep.managedStores,
    bothStores: postgres.place === "managed" ? keep.clusterStores : keep.managedStores,
    handover: settings.handover !== undefined,
    schedules: settings.app.schedules.length > 0,
    migration: settings.app.migrate !== undefined,
    egress: settings.app.egress,
    credentialsPort: settings.app.iamPolicy && credentialsPorts[target.kind],
    observability: observability.enabled,
    mailPort: settings.observability.mail?.port,
    heartbeatUrl: settings.observability.heartbeatUrl !== undefined,
    logs: keepsLogs(observability),
    appPort: settings.app.port,
  };
}
