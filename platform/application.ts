import * as pulumi from "@pulumi/pulumi";
import { App } from "../components/app/app";
import { AppEnvironment } from "../components/app/environment";
import type { WorkloadIdentity } from "../components/identity/identity";
import { Migration } from "../components/migration/migration";
import type { CertificateAuthority } from "../components/pki/certificate-authority";
import type { Postgres } from "../components/postgres/postgres";
import type { Priorities } from "../components/priorities/priorities";
import type { Redis } from "../components/redis/redis";
import { Schedules } from "../components/schedules/schedules";
import { Keda } from "../components/workers/keda";
import { Workers } from "../components/workers/workers";
import { queuesOf } from "../config/queues";
import { appPullSecret, type Site } from "./pull-secrets";

/** What the application stands on. */
export interface Foundation extends Site {
  priorities: Priorities;
  postgres: Postgres;
  redis: Redis;
  authority: CertificateAuthority;
}

/** Creates the application, and what runs its image beside it: workers, the migration and schedules. */
export function applicationOn(foundation: Foundation): App {
  const { inputs, target, namespaces, priorities, redis, authority, child } = foundation;
  const { spec, settings } = inputs;
  const { image } = settings;
  const queues = queuesOf(settings, spec);
  const { user, port, healthPath, livePath, command, scaleOnMemory } = settings.app;
  const { cluster, gateway } = target;
  const identity = target.identity(namespaces.app);
  const egress = {
    storesNamespace: namespaces.data.name,
    redisCidr: redis.cidr,
    credentialsPort: identity?.port,
    others: settings.app.egress,
  };
  const environment = environmentOf(foundation, identity);
  const namespace = namespaces.app;
  const pullSecret = appPullSecret(foundation);
  const { application: priorityClassName, workers: priorityClassNames } = priorities;
  const pods = { image, user, environment, pullSecret, priorityClassName, cluster, namespace, egress };
  const { migrate, schedules } = settings.app;
  const { container } = spec.app;
  const after = migrate && new Migration("migration", { ...pods, migrate, container }, child).job;
  const shared = { ...pods, port, healthPath, livePath, after };
  const app = new App(
    "app",
    {
      ...shared,
      ...gateway,
      scraped: spec.observability.enabled,
      size: spec.app,
      scaleOnMemory,
      command,
      authority,
    },
    child,
  );
  if (queues.length > 0) {
    const { address, password } = redis;
    const broker = { address, password, ca: authority.certificate };
    new Workers(
      "workers",
      { ...shared, size: spec.workers, queues, priorityClassNames, redis: broker, keda: kedaOf(foundation) },
      child,
    );
  }
  if (schedules.length > 0) new Schedules("schedules", { ...pods, schedules, container, after }, child);
  return app;
}

function environmentOf(
  { inputs, target, namespaces, postgres, redis, authority, child }: Foundation,
  identity: WorkloadIdentity | undefined,
): AppEnvironment {
  const { environment, secrets, writable } = inputs.settings.app;
  const { databaseUrl, databaseReadUrl, databaseDirectUrl } = postgres;
  return new AppEnvironment(
    "app-environment",
    {
      cluster: target.cluster,
      namespace: namespaces.app,
      environment: { ...identity?.environment, ...environment },
      writable,
      secrets: { ...mapValues(secrets, (value) => pulumi.secret(value)), ...identity?.secrets },
      identityVersion: identity?.version,
      stores: { databaseUrl, databaseReadUrl, databaseDirectUrl, redisUrl: redis.redisUrl },
      authorityCertificate: authority.certificate,
    },
    child,
  );
}

function kedaOf({ target, namespaces, child }: Foundation): Keda | undefined {
  const namespace = namespaces.keda;
  if (!namespace) return undefined;
  const { app: workersNamespace } = namespaces;
  return new Keda("keda", { cluster: target.cluster, namespace, workersNamespace }, child);
}

function mapValues<T, U>(record: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
