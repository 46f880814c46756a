import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { PgBouncerSize, PostgresSize } from "../../tiers";
import { type ConnectionBudget, connectionBudget, maxConnectionsOf } from "../../tiers/connections";
import type { Cluster } from "../cluster/cluster";
import type { Authority } from "../pki/authority";
import { Component } from "../support/component";
import { labelsOf } from "../support/labels";
import { ports } from "../support/names";
import { secretData } from "../support/secret";
import { Bootstrap } from "./bootstrap/bootstrap";
import { ClusterStore } from "./cluster/store";
import { credentialKeys } from "./credentials";
import { managedStore, type PostgresNetwork } from "./managed/store";
import { PgBouncer } from "./pgbouncer/pgbouncer";
import { verifierOf } from "./scram";
import type { Server } from "./server";
import { names } from "./settings";

export interface PostgresArgs {
  size: PostgresSize;
  pgbouncer: PgBouncerSize;
  /** The place that stays declared although the tier no longer uses it, so that a move deletes no data. */
  keep: {
    clusterStore: boolean;
    managedStore: boolean;
  };
  /** Its security group is required where the managed store is declared: the store opens to nobody else. */
  cluster: Pick<Cluster, "kind" | "provider" | "securityGroupId" | "storageClass">;
  /** Namespace of PgBouncer and of the in-cluster store: `data`. */
  namespace: pulumi.Input<string>;
  /** Required where the managed store is declared. */
  network?: PostgresNetwork;
  /** Issues the certificates of PgBouncer and of the in-cluster store. */
  authority: Pick<Authority, "issue" | "certificate">;
  region: string;
  /** Region of the copies of backups. */
  backupRegion: string;
}

/** Roles of the server: passwords and a verifier, all secret. */
interface Roles {
  superuserPassword: pulumi.Output<string>;
  appPassword: pulumi.Output<string>;
  appVerifier: pulumi.Output<string>;
}

/**
 * Postgres with TLS behind PgBouncer, in the cluster or on RDS: the same URLs, role, passwords and database in either
 * place. Passwords outlive every move, because the volumes that know them do.
 */
export class Postgres extends Component {
  /** `postgres://app:password@host:port/app?sslmode=verify-full`; a secret. */
  readonly databaseUrl: pulumi.Output<string>;
  /** The same for queries that only read; a secret. */
  readonly databaseReadUrl: pulumi.Output<string>;
  /** `host:port` of the server in use. */
  readonly endpoint: pulumi.Output<string>;
  /** `host:port` of its read replicas. */
  readonly readEndpoints: pulumi.Output<string>[];
  readonly budget: ConnectionBudget;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("postgres:Postgres", name, opts);
    const { size, keep } = args;
    this.budget = this.connections(args);
    const roles = this.roles();
    const credentials = this.credentials(args, roles);
    const servers: Record<PostgresSize["place"], Server | undefined> = {
      cluster: size.place === "cluster" || keep.clusterStore ? this.inCluster(args, credentials) : undefined,
      managed: size.place === "managed" || keep.managedStore ? this.managed(args, roles) : undefined,
    };
    const server = servers[size.place] as Server;
    const bootstrap = this.bootstrap(args, server, credentials, roles);
    const { host } = this.pooler(args, server, roles, bootstrap);

    const url = (database: string) =>
      pulumi.secret(
        pulumi.interpolate`postgres://${names.role}:${roles.appPassword}@${host}:${ports.pgbouncer}/${database}?sslmode=verify-full`,
      );
    this.databaseUrl = url(names.database);
    this.databaseReadUrl = url(names.readDatabase);
    this.endpoint = endpointOf(server.host);
    this.readEndpoints = server.readHosts.map(endpointOf);
    this.registerOutputs({ endpoint: this.endpoint, readEndpoints: this.readEndpoints });
  }

  private connections({ size, pgbouncer }: PostgresArgs): ConnectionBudget {
    const maxConnections = maxConnectionsOf(size);
    if (maxConnections === undefined) {
      throw new pulumi.ResourceError(
        `postgres: nobody has measured max_connections of ${size.managed.instanceClass}: ` +
          "name an instance class of tiers/catalogues/aws-sizes.json",
        this,
      );
    }
    const budget = connectionBudget(size, pgbouncer, maxConnections);
    if (budget.poolSize < 1 || budget.poolSize > budget.largestPoolSize) {
      throw new pulumi.ResourceError(
        `postgres: ${budget.podsAtMost} PgBouncer pods with pools of ${budget.poolSize} + ${budget.reservePoolSize} ` +
          `need more than the ${maxConnections - budget.headroom} connections that the server has for them: ` +
          "fewer replicas or smaller pools",
        this,
      );
    }
    return budget;
  }

  private roles(): Roles {
    const appPassword = this.password("app-password");
    const salt = new random.RandomBytes(this.named("app-salt"), { length: 16 }, this.child);
    return {
      superuserPassword: this.password("superuser-password"),
      appPassword,
      appVerifier: verifierOf(appPassword, salt.base64),
    };
  }

  private password(child: string): pulumi.Output<string> {
    const password = new random.RandomPassword(this.named(child), { length: 32, special: false }, this.child);
    return pulumi.secret(password.result);
  }

  /** Name of the Secret from which the server and its bootstrap take what they need. */
  private credentials({ cluster, namespace }: PostgresArgs, roles: Roles): pulumi.Output<string> {
    const name = "postgres-credentials";
    const secret = new k8s.core.v1.Secret(
      this.named("credentials"),
      {
        metadata: { name, namespace, labels: labelsOf(name, "postgres") },
        data: secretData({
          [credentialKeys.superuser]: roles.superuserPassword,
          [credentialKeys.verifier]: roles.appVerifier,
        }),
      },
      { ...this.child, provider: cluster.provider },
    );
    return secret.metadata.name;
  }

  private inCluster({ size, cluster, namespace, authority }: PostgresArgs, credentials: pulumi.Output<string>): Server {
    return new ClusterStore(
      this.named("cluster"),
      { size: size.cluster, active: size.place === "cluster", cluster, namespace, authority, credentials },
      this.child,
    );
  }

  private managed({ size, cluster, network, region, backupRegion }: PostgresArgs, roles: Roles): Server {
    const clientSecurityGroupId = cluster.securityGroupId;
    if (!network || !clientSecurityGroupId) {
      const missing = network ? "cluster.securityGroupId" : "network";
      throw new pulumi.ResourceError(`postgres: the managed store needs ${missing}: a cluster in a VPC of ours`, this);
    }
    return managedStore(
      { named: (child) => this.named(child), options: this.child },
      {
        size: size.managed,
        network,
        clientSecurityGroupId,
        clientKind: cluster.kind,
        password: roles.superuserPassword,
        region,
        backupRegion,
      },
    );
  }

  private bootstrap(
    { cluster, namespace }: PostgresArgs,
    server: Server,
    credentials: pulumi.Output<string>,
    roles: Roles,
  ): Bootstrap {
    const { maxConnections, headroom } = this.budget;
    return new Bootstrap(
      this.named("bootstrap"),
      {
        cluster,
        namespace,
        server,
        credentials,
        verifier: roles.appVerifier,
        // The headroom stays free whatever PgBouncer does.
        connectionLimit: maxConnections - headroom,
      },
      this.child,
    );
  }

  private pooler(args: PostgresArgs, server: Server, roles: Roles, bootstrap: Bootstrap): PgBouncer {
    const { cluster, namespace, authority, pgbouncer } = args;
    return new PgBouncer(
      this.named("pgbouncer"),
      {
        size: pgbouncer,
        budget: this.budget,
        cluster,
        namespace,
        authority,
        server,
        appVerifier: roles.appVerifier,
        // The pods come up to a server that knows the role.
        after: bootstrap.job,
      },
      this.child,
    );
  }
}

function endpointOf(host: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.interpolate`${host}:${ports.postgres}`;
}
