import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { App } from "../components/app/app";
import { AppEnvironment } from "../components/app/environment";
import { traefikNamespace } from "../components/app/policies";
import type { Cluster } from "../components/cluster/cluster";
import { Eks } from "../components/cluster/eks/eks";
import { ExistingCluster } from "../components/cluster/existing";
import { K3s } from "../components/cluster/k3s/k3s";
import { Namespaces } from "../components/namespaces/namespaces";
import { Authority } from "../components/pki/authority";
import { Postgres } from "../components/postgres/postgres";
import { Redis } from "../components/redis/redis";
import { Component } from "../components/support/component";
import { Keda } from "../components/workers/keda";
import { Workers } from "../components/workers/workers";
import type { Loaded } from "../config/load";
import { entrance } from "./entrance";
import { type Foundation, foundationOf } from "./foundation";
import { nextSteps } from "./next-steps";

/** The AWS provider of the stack: its region, and tags on everything. */
export function awsProvider({ project, stack, settings }: Loaded): aws.Provider {
  return new aws.Provider("aws", {
    region: settings.region,
    defaultTags: { tags: { "tierstack:project": project, "tierstack:stack": stack, "managed-by": "pulumi" } },
  });
}

/** What the stack tells its user. */
export interface StackOutputs {
  /** Where the product answers. */
  url: pulumi.Output<string>;
  clusterName: pulumi.Output<string>;
  /** A secret. */
  kubeconfig: pulumi.Output<string>;
  /** Secrets: they carry the application's password. */
  databaseUrl: pulumi.Output<string>;
  databaseReadUrl: pulumi.Output<string>;
  redisUrl: pulumi.Output<string>;
  /** Host and port of the database server in use. */
  databaseEndpoint: pulumi.Output<string>;
  redisEndpoint: pulumi.Output<string>;
  nextSteps: string[];
}

/**
 * The whole product. Each step hands the next what it needs; nothing here knows a tier, only its sizes.
 */
export class Platform extends Component {
  readonly stackOutputs: StackOutputs;
  private readonly options: pulumi.ComponentResourceOptions = { parent: this };

  constructor(
    name: string,
    private readonly loaded: Loaded,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:Platform", name, opts);
    const { spec, settings } = loaded;
    const foundation = spec.cluster.kind === "existing" ? undefined : foundationOf(loaded, this.options);
    const cluster = this.cluster(foundation);
    const authority = new Authority("authority", this.options);
    const keda = spec.workers.scaler === "queue" && settings.queues.length > 0;
    const namespaces = new Namespaces("namespaces", { cluster, authority, keda }, this.options);
    const stores = this.stores(cluster, authority, namespaces, foundation);
    const app = this.application(cluster, authority, namespaces, stores, foundation);
    this.stackOutputs = {
      url: entrance({ loaded, cluster, namespaces, app, foundation, options: this.options }),
      clusterName: cluster.clusterName,
      kubeconfig: cluster.kubeconfig,
      databaseUrl: stores.postgres.databaseUrl,
      databaseReadUrl: stores.postgres.databaseReadUrl,
      redisUrl: stores.redis.redisUrl,
      databaseEndpoint: stores.postgres.endpoint,
      redisEndpoint: stores.redis.address,
      nextSteps: nextSteps(loaded),
    };
    this.registerOutputs({ url: this.stackOutputs.url });
  }

  private cluster(foundation: Foundation | undefined): Cluster {
    const { spec, settings } = this.loaded;
    const { region, domain, alertEmail, apiAccessCidrs = [] } = settings;
    if (!foundation || spec.cluster.kind === "existing") {
      const { kubeconfig = "", context, storageClass } = settings;
      return new ExistingCluster("cluster", { kubeconfig, context, storageClass }, this.options);
    }
    const { network, nodeState, dumps } = foundation;
    if (spec.cluster.kind === "k3s" && nodeState) {
      return new K3s(
        "cluster",
        {
          size: spec.cluster,
          network,
          state: nodeState,
          apiAccessCidrs,
          region,
          domain,
          alertEmail,
          dumpBucket: dumps,
        },
        this.options,
      );
    }
    if (spec.cluster.kind === "eks")
      return new Eks("cluster", { size: spec.cluster, network, apiAccessCidrs, region }, this.options);
    throw new pulumi.ResourceError("a k3s node needs its state (keep.nodeState is for other clusters)", this);
  }

  private stores(
    cluster: Cluster,
    authority: Authority,
    namespaces: Namespaces,
    foundation: Foundation | undefined,
  ): { postgres: Postgres; redis: Redis } {
    const { spec, settings } = this.loaded;
    const { keep } = spec;
    const shared = {
      cluster,
      authority,
      namespace: namespaces.data,
      keep: { clusterStore: keep.clusterStores, managedStore: keep.managedStores },
      network: foundation && { ...foundation.network, vpcCidr: foundation.network.cidr },
    };
    const { region, backupRegion } = settings;
    return {
      postgres: new Postgres(
        "postgres",
        { ...shared, size: spec.postgres, pgbouncer: spec.pgbouncer, region, backupRegion },
        this.options,
      ),
      redis: new Redis("redis", { ...shared, size: spec.redis }, this.options),
    };
  }

  private application(
    cluster: Cluster,
    authority: Authority,
    namespaces: Namespaces,
    { postgres, redis }: { postgres: Postgres; redis: Redis },
    foundation: Foundation | undefined,
  ): App {
    const { spec, settings } = this.loaded;
    const { image, queues, maintenance } = settings;
    const { user, port, healthPath, command, environment: variables, secrets } = settings.app;
    const { databaseUrl, databaseReadUrl } = postgres;
    const namespace = namespaces.app;
    const environment = new AppEnvironment(
      "app-environment",
      {
        cluster,
        namespace,
        environment: variables,
        secrets: mapValues(secrets, (value) => pulumi.secret(value)),
        stores: { databaseUrl, databaseReadUrl, redisUrl: redis.redisUrl },
        authorityCertificate: authority.certificate,
      },
      this.options,
    );
    // Pods leave the cluster only for a Redis that is outside it; Postgres they reach through PgBouncer.
    const vpcCidr = spec.redis.place === "managed" ? foundation?.network.cidr : undefined;
    const shared = { image, user, port, healthPath, environment, cluster, namespace, vpcCidr };
    const app = new App(
      "app",
      {
        ...shared,
        size: spec.app,
        command,
        authority,
        // CloudFront proves itself to the node with a secret header; a load balancer is reached by nobody else.
        verifyOrigin: foundation !== undefined && cluster.ingress === "traefik",
        // In front of CloudFront it is the edge that answers.
        maintenance: maintenance && foundation === undefined,
        // The load balancer's subnets, not all of the VPC: other pods would get past the edge.
        ingressFrom:
          foundation && cluster.ingress === "alb"
            ? { cidrs: foundation.network.privateSubnetCidrs }
            : { namespace: traefikNamespace },
      },
      this.options,
    );
    if (queues.length > 0) {
      const keda = namespaces.keda && new Keda("keda", { cluster, namespace: namespaces.keda }, this.options);
      const { address, password } = redis;
      new Workers(
        "workers",
        {
          ...shared,
          size: spec.workers,
          queues,
          redis: { address, password, ca: authority.certificate },
          keda,
        },
        this.options,
      );
    }
    return app;
  }
}

function mapValues<T, U>(record: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
