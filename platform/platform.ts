import * as pulumi from "@pulumi/pulumi";
import { Alarms } from "../components/alarms/alarms";
import { Heartbeat } from "../components/alarms/heartbeat";
import type { App } from "../components/app/app";
import type { WorkloadIdentity } from "../components/identity/identity";
import type { IamPolicy } from "../components/identity/policy";
import { Namespaces, namespaceNames } from "../components/namespaces/namespaces";
import { readsFigures } from "../components/observability/cloudwatch/exporter";
import { Observability } from "../components/observability/observability";
import { CertificateAuthority } from "../components/pki/certificate-authority";
import { Postgres } from "../components/postgres/postgres";
import { Priorities } from "../components/priorities/priorities";
import { Redis } from "../components/redis/redis";
import { Component } from "../components/support/component";
import type { Removable } from "../components/support/data";
import type { Watched } from "../components/support/watched";
import type { StackInputs } from "../config/load";
import { defaultBackupRegion } from "../config/regions";
import { monthlyLimitUsd } from "../tiers/budget";
import { leftBy } from "../tiers/generations";
import { keepsLogs } from "../tiers/observability";
import { applicationOn } from "./application";
import { boundedBy } from "./boundary";
import { nextSteps } from "./next-steps";
import { handoverPullSecret, type Site } from "./pull-secrets";
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
    // In a cluster of others they would take the place of others' pods.
    const agents = observability && !shared;
    this.priorities = new Priorities("priorities", { cluster, agents, namePrefix: prefix }, this.child);
    this.postgres = this.newPostgres(authority);
    this.redis = this.newRedis(authority);
    this.app = applicationOn({
      ...this.site,
      priorities: this.priorities,
      postgres: this.postgres,
      redis: this.redis,
      authority,
    });
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

  private get site(): Site {
    return { inputs: this.inputs, target: this.target, namespaces: this.namespaces, child: this.child };
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
        handoverPullSecret: handoverPullSecret(this.site),
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
        restorable: postgres.place === "managed" || this.target.archivesPostgres ? postgres.place : undefined,
        workers: settings.queues.length > 0,
        budgetUsd: monthlyLimitUsd(settings.tier, settings.budgetUsd),
        workerPort: settings.app.port,
        mail: mail && to !== undefined ? { ...mail, to } : undefined,
        identity: this.monitorIdentity(heartbeat),
        heartbeat,
        cloudwatch: spec.observability.cloudwatch ? { watched, region: settings.region } : undefined,
        priorityClassName: this.priorities.application,
        agentPriorityClassName: this.priorities.agents,
      },
      this.child,
    );
  }
}
