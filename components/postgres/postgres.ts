import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PgBouncerSize, PostgresPlace, PostgresSize } from "../../tiers";
import { type ConnectionBudget, checkedBudget } from "../../tiers/connections";
import { leftBy } from "../../tiers/generations";
import { formatProblem } from "../../tiers/problem";
import type { Cluster } from "../cluster/cluster";
import type { Namespace } from "../namespaces/namespace";
import type { CertificateAuthority } from "../pki/certificate-authority";
import { Component } from "../support/component";
import type { Removable } from "../support/data";
import { labelsOf } from "../support/labels";
import { ports } from "../support/names";
import type { Rotated } from "../support/rotation";
import { secretData } from "../support/secret";
import { declaredStores, requireNetwork, type StoreNetwork } from "../support/store";
import type { Watched } from "../support/watched";
import { Bootstrap, type BootstrapArgs } from "./bootstrap/bootstrap";
import { clusterStore } from "./cluster/store";
import {
  type Credentials,
  clientVerifiers,
  credentialKeys,
  credentialsAt,
  credentialsSecret,
  handoverCredential,
  monitorCredential,
  serverVerifiers,
} from "./common/credentials";
import { monitorOf, type PostgresMonitor } from "./common/monitor";
import type { PostgresServer, PostgresStore } from "./common/server";
import { identifiers } from "./common/settings";
import { Handover } from "./handover/handover";
import type { HandoverSettings } from "./handover/settings";
import { managedStore } from "./managed/store";
import { PgBouncer, type Served } from "./pgbouncer/pgbouncer";

export interface PostgresArgs extends Removable, Rotated {
  size: PostgresSize;
  pgbouncer: PgBouncerSize;
  /** Stores that stay declared after the tier stops using them, so that a move deletes no data. */
  keep: Record<PostgresPlace, boolean>;
  /**
   * Moves the database to the one of `size`: until the switch, PgBouncer serves the one that is left, `size.previous` or else
   * that of the other place (docs/handover.md). Both must be declared. @default PgBouncer serves the one of `size`
   */
  handover?: HandoverSettings | undefined;
  /** Secret with which the kubelet pulls the image of the handover. @default none */
  handoverPullSecret?: pulumi.Input<string> | undefined;
  cluster: Pick<Cluster, "provider" | "storageClass">;
  /** Namespace of PgBouncer and of the in-cluster store. */
  namespace: Namespace;
  /** Namespace of the clients. */
  clientNamespace: string;
  /** Priority classes of the in-cluster store and its bootstrap, and of PgBouncer. @default the cluster's */
  priorityClassNames?: { stores: pulumi.Input<string>; pooler: pulumi.Input<string> };
  /** KMS key of the managed store. A change replaces the store. @default the key that AWS manages */
  kmsKeyArn?: string | undefined;
  /**
   * Whether the node takes the write-ahead log of the in-cluster store, for restores to a point in time (docs/backups.md).
   * A change restarts the store. @default false
   */
  archive?: boolean | undefined;
  /** Required if the managed store is declared. */
  network: StoreNetwork | undefined;
  /** Whether an exporter reads the statistics of the servers, and PgBouncer's are scraped over TLS. @default false */
  monitoring?: boolean | undefined;
  /** Issues the certificates of PgBouncer and of the in-cluster store. */
  authority: Pick<CertificateAuthority, "issue" | "certificate">;
  region: string;
  /** Region of the backup copies. Required with `crossRegionBackups`. @default none */
  backupRegion?: string | undefined;
}

/** The stores by place. */
const stores = { cluster: clusterStore, managed: managedStore } satisfies Record<PostgresPlace, PostgresStore>;

/** Whether the store of the other place is declared. */
const bothDeclared = ({ size: { previous: _, ...size }, keep }: PostgresArgs) => keep[leftBy(size).place];

/** A server that a handover leads from or to. */
type Side = Served & { place: PostgresPlace };

/**
 * Postgres with TLS behind PgBouncer, in the cluster or on RDS. URLs, roles, passwords and database are the same in both
 * places. A move never changes the passwords, because the data volumes contain them; `passwordRotation` does.
 */
export class Postgres extends Component {
  /** `postgres://app:password@host:port/app?sslmode=verify-full`. A secret. */
  readonly databaseUrl: pulumi.Output<string>;
  /** The same URL for reads: its transactions are read-only. A secret. */
  readonly databaseReadUrl: pulumi.Output<string>;
  /** The same URL for migrations and what needs a session: a server connection for each client. A secret. */
  readonly databaseDirectUrl: pulumi.Output<string>;
  /** `host:port` of the server in use; during a handover, of the one that it leads to. */
  readonly endpoint: pulumi.Output<string>;
  readonly budget: ConnectionBudget;
  /** What AWS has metrics of: the instances in use on RDS; during a handover, those that it leads from and to. */
  readonly watched: Watched[];
  /** Undefined without `monitoring`. */
  readonly monitor: PostgresMonitor | undefined;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("postgres:Postgres", name, opts);
    const { size, keep } = args;
    this.budget = this.connections(args);
    const roles: Credentials = {
      ...credentialsAt(this, args.passwordRotation ?? 0),
      ...(args.handover && { handover: handoverCredential(this) }),
      ...(args.monitoring && { monitor: monitorCredential(this, args.passwordRotation ?? 0) }),
    };
    const credentials = this.credentials(args, roles);
    const superuserPassword = roles.superuser.current.password;
    const { inUse: server, kept } = declaredStores(stores, { inUse: size.place, keep }, (create) =>
      create(this, {
        ...args,
        credentials,
        superuserPassword,
        otherStore: bothDeclared(args) && args.network ? { ipBlock: { cidr: args.network.cidr } } : undefined,
        handover: args.handover !== undefined && !size.previous,
        archive: args.archive ?? false,
        priorityClassName: args.priorityClassNames?.stores,
      }),
    );
    const target: Side = { place: size.place, server, budget: this.budget };
    const source = args.handover && this.left(args, { ...kept, previous: server.previous });
    this.watched = [target, source].flatMap((side) => side?.server.watched ?? []);
    const bootstraps = [
      this.bootstrap(args, target, { credentials, roles }),
      ...(source ? [this.bootstrap(args, source, { credentials, roles, workload: "sourceBootstrap" })] : []),
    ];
    const after = bootstraps.map(({ job }) => job);
    const pooler = this.pooler(args, source ?? target, source && target, roles, after);
    if (source) this.handover(args, { source, target }, roles, pooler, after);
    const { host } = pooler;
    const served = source && !args.handover?.switched ? source.server : server;
    this.monitor = roles.monitor && monitorOf(served, roles.monitor);

    const { role, password } = roles.app.current;
    const url = (database: string) =>
      pulumi.secret(
        pulumi.interpolate`postgres://${role}:${password}@${host}:${ports.pgbouncer}/${database}?sslmode=verify-full`,
      );
    this.databaseUrl = url(identifiers.database);
    this.databaseReadUrl = url(identifiers.readDatabase);
    this.databaseDirectUrl = url(identifiers.sessionDatabase);
    this.endpoint = pulumi.interpolate`${server.host}:${ports.postgres}`;
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /** Returns the server that a handover leaves. Throws a ResourceError if there is none. */
  private left(args: PostgresArgs, kept: Partial<Record<PostgresPlace | "previous", PostgresServer>>): Side {
    const size = leftBy(args.size);
    const { place } = size;
    const server = kept[args.size.previous ? "previous" : place];
    if (server) return { place, server, budget: this.connections({ ...args, size }) };
    const problem = {
      where: `${this.componentName}.handover`,
      given: `a handover, with the ${args.size.place} store alone`,
      allowed: "both stores: a handover leads from one to the other",
      fix: `set keep.${place}, or remove handover`,
    };
    throw new pulumi.ResourceError(formatProblem(problem), this);
  }

  private connections({ size, pgbouncer }: PostgresArgs): ConnectionBudget {
    const checked = checkedBudget(size, pgbouncer);
    if ("problem" in checked) throw new pulumi.ResourceError(formatProblem(checked.problem), this);
    return checked.budget;
  }

  /** Creates the Secret for the server and its bootstrap. Returns its name. */
  private credentials({ cluster, namespace }: PostgresArgs, roles: Credentials): pulumi.Output<string> {
    const name = credentialsSecret;
    const verifiers = Object.entries(serverVerifiers(roles)).map(([role, verifier]) => [
      credentialKeys.verifierOf(role),
      verifier,
    ]);
    const secret = new k8s.core.v1.Secret(
      this.named("credentials"),
      {
        metadata: { name, namespace: namespace.created, labels: labelsOf(name, "postgres") },
        data: secretData({
          [credentialKeys.superuser]: roles.superuser.current.password,
          [credentialKeys.previousSuperuser]: roles.superuser.previous.password,
          ...Object.fromEntries(verifiers),
        }),
      },
      { ...this.child, provider: cluster.provider },
    );
    return secret.metadata.name;
  }

  private bootstrap(
    args: PostgresArgs,
    { server, budget }: Served,
    {
      credentials,
      roles,
      workload = "bootstrap",
    }: Pick<BootstrapArgs, "credentials" | "workload"> & { roles: Credentials },
  ): Bootstrap {
    const { cluster, namespace, priorityClassNames } = args;
    const { maxConnections, headroom } = budget;
    const part = workload === "bootstrap" ? "target" : "source";
    return new Bootstrap(
      this.named(workload === "bootstrap" ? workload : "source-bootstrap"),
      {
        cluster,
        namespace,
        workload,
        handover: args.handover ? part : args.size.previous ? "over" : bothDeclared(args) ? "possible" : undefined,
        server,
        credentials,
        priorityClassName: priorityClassNames?.stores,
        verifiers: serverVerifiers(roles),
        monitoring: args.monitoring,
        // Of each role. PgBouncer's max_db_connections keeps the headroom free of both together.
        connectionLimit: maxConnections - headroom,
      },
      this.child,
    );
  }

  private pooler(
    args: PostgresArgs,
    { server, budget }: Served,
    next: Served | undefined,
    roles: Credentials,
    after: pulumi.Resource[],
  ): PgBouncer {
    const { cluster, namespace, clientNamespace, authority, pgbouncer, priorityClassNames, passwordRotation } = args;
    return new PgBouncer(
      this.named("pgbouncer"),
      {
        size: pgbouncer,
        budget,
        next: next && { ...next, switched: args.handover?.switched ?? false },
        cluster,
        namespace,
        clientNamespace,
        authority,
        priorityClassName: priorityClassNames?.pooler,
        server,
        verifiers: clientVerifiers(roles),
        scraped: args.monitoring,
        passwordRotation,
        // The roles must have their passwords before the pods start.
        after,
      },
      this.child,
    );
  }

  private handover(
    args: PostgresArgs,
    sides: { source: Side; target: Side },
    roles: Credentials,
    { administration: pooler, deployment }: PgBouncer,
    after: pulumi.Resource[],
  ): void {
    const { cluster, namespace, handover: settings, priorityClassNames } = args;
    const managed = [sides.source, sides.target].filter(({ place }) => place === "managed");
    const database = managed[0]?.server.securityGroupId;
    if (!settings || !roles.handover || !pooler || !database)
      throw new Error("a handover has two servers and a pooler");
    new Handover(
      this.named("handover"),
      {
        ...sides,
        settings,
        cluster,
        namespace,
        password: roles.handover.password,
        pooler,
        groups: {
          database,
          ...(managed.length === 1 && { node: requireNetwork(this, args.network).clients.securityGroupId }),
        },
        pullSecret: args.handoverPullSecret,
        priorityClassName: priorityClassNames?.stores,
        after: [...after, deployment],
      },
      this.child,
    );
  }
}
