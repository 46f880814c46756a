import * as pulumi from "@pulumi/pulumi";
import { Alarms } from "../components/alarms/alarms";
import { Heartbeat } from "../components/alarms/heartbeat";
import { App } from "../components/app/app";
import { AppEnvironment } from "../components/app/environment";
import { PullSecret, type RegistryCredentials } from "../components/app/pull-secret";
import type { WorkloadIdentity } from "../components/identity/identity";
import type { IamPolicy } from "../components/identity/policy";
import { Migration } from "../components/migration/migration";
import type { Namespace } from "../components/namespaces/namespace";
import { Namespaces, namespaceNames } from "../components/namespaces/namespaces";
import { readsFigures } from "../components/observability/cloudwatch/exporter";
import { Observability } from "../components/observability/observability";
import { CertificateAuthority } from "../components/pki/certificate-authority";
import { Postgres } from "../components/postgres/postgres";
import { Priorities } from "../components/priorities/priorities";
import { Redis } from "../components/redis/redis";
import { Schedules } from "../components/schedules/schedules";
import { Component } from "../components/support/component";
import type { Removable } from "../components/support/data";
import { registryOf } from "../components/support/image-name";
import type { Watched } from "../components/support/watched";
import { Keda } from "../components/workers/keda";
import { Workers } from "../components/workers/workers";
import type { StackInputs } from "../config/load";
import { queuesOf } from "../config/queues";
import { defaultBackupRegion } from "../config/regions";
import { monthlyLimitUsd } from "../tiers/budget";
import { leftBy } from "../tiers/generations";
import { keepsLogs } from "../tiers/observability";
import { boundedBy } from "./boundary";
import { nextSteps } from "./next-steps";
import { targetOf } from "./targets";
import type { Target } from "./targets/target";

/** Outputs of the stack. */
export interface StackOutputs {
  /** URL of the product. */
  url: pulumi.Output<string>;
  clusterName: pulumi.Output<string>;
  /** A secret. */
  kubeconfig: pulumi.Output<string>;
  /** Secrets: they contain the application's password. */
  databaseUrl: pulumi.Output<string>;
  databaseReadUrl: pulumi.Output<string>;
  databaseDirectUrl: pulumi.Output<string>;
  redisUrl: pulumi.Output<string>;
  /** Host and port of the database server in use. */
  databaseEndpoint: pulumi.Output<string>;
  redisEndpoint: pulumi.Output<string>;
  /** When the first certificate of the internal authority expires: ISO 8601 in UTC (docs/deploying.md). */
  certificatesExpire: pulumi.Output<string>;
  nextSteps: string[];
}

/** The whole product. Each step passes its results to the next. The code depends on sizes, not on tiers or targets. */
export class Platform extends Component {
  readonly stackOutputs: StackOutputs;
  readonly target: Target;
  readonly namespaces: Namespaces;
  readonly priorities: Priorities;
  readonly postgres: Postgres;
  readonly redis: Redis;
  readonly app: App;

  /** Creates the stack's providers and a platform that uses them. */
  static deploy(name: string, inputs: StackInputs): Platform {
    return new Platform(name, inputs, { providers: targetOf(inputs).providers() });
  }

  constructor(
    name: string,
    private readonly inputs: StackInputs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:Platform", name, { ...opts, ...boundedBy(inputs.settings.permissionsBoundary) });
    const { spec, settings } = inputs;
    this.target = targetOf(inputs).create(this.child);
    const { cluster, sharedCluster: shared } = this.target;
    const { namespacePrefix: prefix } = settings;
    const authority = new CertificateAuthority("authority", this.child);
    const keda = spec.workers.scaler === "queue" && settings.queues.length > 0 && !settings.kedaNamespace;
    const observability = spec.observability.enabled ? this.watching : undefined;
    const logAgent = keepsLogs(spec.observability);
    this.namespaces = new Namespaces(
      "namespaces",
      { cluster, authority, keda, observability, logAgent, prefix, shared },
      this.child,
    );
    this.priorities = new Priorities("priorities", { cluster, namePrefix: prefix }, this.child);
    this.postgres = this.newPostgres(authority);
    this.redis = this.newRedis(authority);
    this.app = this.application(authority);
    const { url, watched } = this.target.publish(this.app, this.namespaces.app);
    const heartbeat = this.heartbeat();
    const seen = [...watched, ...this.postgres.watched, ...this.redis.watched];
    const beats = heartbeat && "watched" in heartbeat ? [heartbeat.watched] : [];
    this.alarms([...seen, ...beats]);
    this.watch(authority, seen, heartbeat);
    this.stackOutputs = {
      url,
      clusterName: cluster.clusterName,
      kubeconfig: cluster.kubeconfig,
      databaseUrl: this.postgres.databaseUrl,
      databaseReadUrl: this.postgres.databaseReadUrl,
      databaseDirectUrl: this.postgres.databaseDirectUrl,
      redisUrl: this.redis.redisUrl,
      databaseEndpoint: this.postgres.endpoint,
      redisEndpoint: this.redis.address,
      certificatesExpire: authority.expires,
      nextSteps: [...nextSteps(inputs), ...this.target.nextSteps],
    };
    this.registerOutputs({ url: this.stackOutputs.url });
  }

  /** Creates the alarms of AWS, where it has metrics and somebody gets the mail. */
  private alarms(watched: Watched[]): void {
    const { alertEmail: email, region, tier, budgetUsd, accountBudgetUsd: own = budgetUsd } = this.inputs.settings;
    const { costAnomalies: monitor } = this.inputs.settings;
    if (email === undefined || watched.length === 0) return;
    const limit = { usd: monthlyLimitUsd(tier, own), own: own !== undefined };
    // A stack that leaves the budget to another one of its account still has a cost of its own.
    const limitUsd = limit.usd || monthlyLimitUsd(tier, budgetUsd);
    new Alarms(
      "alarms",
      {
        email,
        region,
        watched,
        ...(limit.usd > 0 && { limit }),
        ...(monitor !== undefined && { anomalies: { monitor, limitUsd } }),
      },
      this.child,
    );
  }

  /** The dead man's switch of Alertmanager, where that runs: the URL of the user's, or a topic where its pod can have a role. */
  private heartbeat(): Heartbeat | { url: string } | undefined {
    const { region, observability } = this.inputs.settings;
    const { mail, heartbeatUrl } = observability;
    if (!this.namespaces.observability || !mail) return undefined;
    if (heartbeatUrl !== undefined) return { url: heartbeatUrl };
    return this.target.monitorIdentity && new Heartbeat("heartbeat", { region }, this.child);
  }

  /** Creates the role of what watches the product, where it can have one: what each part of its pod may do, and no more. */
  private monitorIdentity(heartbeat: Heartbeat | { url: string } | undefined): WorkloadIdentity | undefined {
    const { observability } = this.namespaces;
    const statements = pulumi.all([
      ...(heartbeat && "statement" in heartbeat ? [heartbeat.statement] : []),
      ...(this.inputs.spec.observability.cloudwatch ? [readsFigures] : []),
    ]);
    return (
      observability &&
      this.target.monitorIdentity?.(
        observability,
        statements.apply((Statement): IamPolicy => ({ Version: "2012-10-17", Statement })),
      )
    );
  }

  /**
   * Whether metrics and logs go with the stack. On EKS their volumes are disks of their own, which nothing in the account
   * would delete once the cluster has gone. On k3s they lie on the data volume; of another cluster's the stack knows nothing.
   */
  private get watching(): Removable {
    const { spec, settings } = this.inputs;
    return { removable: settings.allowDestroy && spec.target.kind === "eks" };
  }

  /** Args that both stores share. */
  private storeArgs(authority: CertificateAuthority) {
    const { allowDestroy: removable, kmsKeyArn, passwordRotation } = this.inputs.settings;
    const { cluster, storeNetwork: network } = this.target;
    return { cluster, authority, network, removable, kmsKeyArn, passwordRotation, namespace: this.namespaces.data };
  }

  private newPostgres(authority: CertificateAuthority): Postgres {
    const { spec, settings } = this.inputs;
    const { region, backupRegion = defaultBackupRegion(region) } = settings;
    return new Postgres(
      "postgres",
      {
        ...this.storeArgs(authority),
        size: spec.postgres,
        keep: { cluster: spec.keep.clusterStores, managed: spec.keep.managedStores },
        handover: settings.handover,
        handoverPullSecret: this.handoverPullSecret(),
        archive: this.target.archivesPostgres,
        pgbouncer: spec.pgbouncer,
        monitoring: spec.observability.enabled,
        priorityClassNames: this.priorities,
        clientNamespace: this.namespaces.app.name,
        region,
        backupRegion,
      },
      this.child,
    );
  }

  private newRedis(authority: CertificateAuthority): Redis {
    const { redis: size, keep } = this.inputs.spec;
    const { namespacePrefix, kedaNamespace = namespaceNames(namespacePrefix).keda } = this.inputs.settings;
    return new Redis(
      "redis",
      {
        ...this.storeArgs(authority),
        size,
        keep: { cluster: keep.clusterStores, managed: keep.managedStores },
        priorityClassName: this.priorities.stores,
        // KEDA counts the waiting jobs.
        clientNamespaces: [this.namespaces.app.name, kedaNamespace],
      },
      this.child,
    );
  }

  private application(authority: CertificateAuthority): App {
    const { spec, settings } = this.inputs;
    const { image } = settings;
    const queues = queuesOf(settings, spec);
    const { user, port, healthPath, livePath, command, scaleOnMemory } = settings.app;
    const { cluster, gateway } = this.target;
    const identity = this.target.identity(this.namespaces.app);
    const egress = {
      storesNamespace: this.namespaces.data.name,
      redisCidr: this.redis.cidr,
      credentialsPort: identity?.port,
      others: settings.app.egress,
    };
    const environment = this.environment(authority, identity);
    const namespace = this.namespaces.app;
    const pullSecret = this.pullSecret();
    const { application: priorityClassName, workers: priorityClassNames } = this.priorities;
    const pods = { image, user, environment, pullSecret, priorityClassName, cluster, namespace, egress };
    const { migrate, schedules } = settings.app;
    const { container } = spec.app;
    const after = migrate && new Migration("migration", { ...pods, migrate, container }, this.child).job;
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
      this.child,
    );
    if (queues.length > 0) {
      const { address, password } = this.redis;
      const redis = { address, password, ca: authority.certificate };
      new Workers(
        "workers",
        { ...shared, size: spec.workers, queues, priorityClassNames, redis, keda: this.keda() },
        this.child,
      );
    }
    if (schedules.length > 0) new Schedules("schedules", { ...pods, schedules, container, after }, this.child);
    return app;
  }

  /** Creates what watches the product, where the sizes ask for it. */
  private watch(
    authority: CertificateAuthority,
    watched: Watched[],
    heartbeat: Heartbeat | { url: string } | undefined,
  ): void {
    const { spec, settings } = this.inputs;
    const { app, data, observability, logAgent } = this.namespaces;
    const {
      alertEmail: to,
      observability: { mail },
    } = settings;
    const { monitor } = this.postgres;
    if (!observability || !monitor) return;
    const { cluster, clusterCidrs, storeNetwork } = this.target;
    const { postgres, redis } = spec;
    const places = [postgres.place, ...(settings.handover ? [leftBy(postgres).place] : [])];
    const inCluster = { postgres: places.includes("cluster"), redis: redis.place === "cluster" };
    const onAws = places.includes("managed") || redis.place === "managed";
    new Observability(
      "observability",
      {
        ...this.watching,
        size: spec.observability,
        diskGiB: spec.target.kind === "k3s" ? spec.dataVolumeGiB : undefined,
        cluster,
        namespaces: { app, data, observability, logAgent },
        namePrefix: settings.namespacePrefix,
        authority,
        postgres: monitor,
        redis: this.redis,
        inCluster,
        storesCidr: onAws ? storeNetwork?.cidr : undefined,
        clusterCidrs,
        restorable: this.target.archivesPostgres || postgres.place === "managed",
        workers: settings.queues.length > 0,
        budgetUsd: monthlyLimitUsd(settings.tier, settings.budgetUsd),
        workerPort: settings.app.port,
        mail: mail && to !== undefined ? { ...mail, to } : undefined,
        identity: this.monitorIdentity(heartbeat),
        heartbeat,
        cloudwatch: spec.observability.cloudwatch ? { watched, region: settings.region } : undefined,
        priorityClassName: this.priorities.application,
      },
      this.child,
    );
  }

  private environment(authority: CertificateAuthority, identity: WorkloadIdentity | undefined): AppEnvironment {
    const { environment, secrets, writable } = this.inputs.settings.app;
    const { databaseUrl, databaseReadUrl, databaseDirectUrl } = this.postgres;
    return new AppEnvironment(
      "app-environment",
      {
        cluster: this.target.cluster,
        namespace: this.namespaces.app,
        environment: { ...identity?.environment, ...environment },
        writable,
        secrets: { ...mapValues(secrets, (value) => pulumi.secret(value)), ...identity?.secrets },
        identityVersion: identity?.version,
        stores: { databaseUrl, databaseReadUrl, databaseDirectUrl, redisUrl: this.redis.redisUrl },
        authorityCertificate: authority.certificate,
      },
      this.child,
    );
  }

  /** Name of the Secret for private images; undefined without credentials. */
  private pullSecret(): pulumi.Output<string> | undefined {
    const { registry } = this.inputs.settings;
    return registry && this.credentials("app-registry", this.namespaces.app, registry);
  }

  /** The same for the handover's image, in its namespace, if it is in the registry of the credentials. */
  private handoverPullSecret(): pulumi.Output<string> | undefined {
    const { registry, handover } = this.inputs.settings;
    if (!registry || !handover || registryOf(handover.image) !== registry.server) return undefined;
    return this.credentials("handover-registry", this.namespaces.data, registry);
  }

  private credentials(name: string, namespace: Namespace, registry: RegistryCredentials): pulumi.Output<string> {
    const credentials = { ...registry, password: pulumi.secret(registry.password) };
    return new PullSecret(name, { cluster: this.target.cluster, namespace, registry: credentials }, this.child)
      .secretName;
  }

  private keda(): Keda | undefined {
    const namespace = this.namespaces.keda;
    if (!namespace) return undefined;
    const { app: workersNamespace } = this.namespaces;
    return new Keda("keda", { cluster: this.target.cluster, namespace, workersNamespace }, this.child);
  }
}

function mapValues<T, U>(record: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
