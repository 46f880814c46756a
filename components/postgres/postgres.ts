import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PgBouncerSize, PostgresPlace, PostgresSize } from "../../tiers";
import { type ConnectionBudget, checkedBudget } from "../../tiers/connections";
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
import { type StoreNetwork, storeInUse } from "../support/store";
import { Bootstrap } from "./bootstrap/bootstrap";
import { clusterStore } from "./cluster/store";
import {
  type Credentials,
  clientVerifiers,
  credentialKeys,
  credentialsAt,
  credentialsSecret,
  serverVerifiers,
} from "./common/credentials";
import type { PostgresServer, PostgresStore } from "./common/server";
import { identifiers } from "./common/settings";
import { managedStore } from "./managed/store";
import { PgBouncer } from "./pgbouncer/pgbouncer";

export interface PostgresArgs extends Removable, Rotated {
  size: PostgresSize;
  pgbouncer: PgBouncerSize;
  /** Stores that stay declared after the tier stops using them, so that a move deletes no data. */
  keep: Record<PostgresPlace, boolean>;
  cluster: Pick<Cluster, "provider" | "storageClass">;
  /** Namespace of PgBouncer and of the in-cluster store. */
  namespace: Namespace;
  /** Namespace of the clients. */
  clientNamespace: string;
  /** Priority classes of the in-cluster store and its bootstrap, and of PgBouncer. @default the cluster's */
  priorityClassNames?: { stores: pulumi.Input<string>; pooler: pulumi.Input<string> };
  /** KMS key of the managed store. A change replaces the store. @default the key that AWS manages */
  kmsKeyArn?: string | undefined;
  /** Required if the managed store is declared. */
  network: StoreNetwork | undefined;
  /** Issues the certificates of PgBouncer and of the in-cluster store. */
  authority: Pick<CertificateAuthority, "issue" | "certificate">;
  region: string;
  /** Region of the backup copies. Required with `crossRegionBackups`. @default none */
  backupRegion?: string | undefined;
}

/** The stores by place. */
const stores = { cluster: clusterStore, managed: managedStore } satisfies Record<PostgresPlace, PostgresStore>;

const bothDeclared = ({ size: { place }, keep }: PostgresArgs) =>
  (place === "managed" || keep.managed) && (place === "cluster" || keep.cluster);

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
  /** `host:port` of the server in use. */
  readonly endpoint: pulumi.Output<string>;
  readonly budget: ConnectionBudget;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("postgres:Postgres", name, opts);
    const { size, keep } = args;
    this.budget = this.connections(args);
    const roles = credentialsAt(this, args.passwordRotation ?? 0);
    const credentials = this.credentials(args, roles);
    const superuserPassword = roles.superuser.current.password;
    const server = storeInUse(stores, { inUse: size.place, keep }, (create) =>
      create(this, {
        ...args,
        credentials,
        superuserPassword,
        otherStore: bothDeclared(args) && args.network ? { ipBlock: { cidr: args.network.cidr } } : undefined,
        priorityClassName: args.priorityClassNames?.stores,
      }),
    );
    const bootstrap = this.bootstrap(args, server, credentials, roles);
    const { host } = this.pooler(args, server, roles, bootstrap);

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
    { cluster, namespace, priorityClassNames }: PostgresArgs,
    server: PostgresServer,
    credentials: pulumi.Output<string>,
    roles: Credentials,
  ): Bootstrap {
    const { maxConnections, headroom } = this.budget;
    return new Bootstrap(
      this.named("bootstrap"),
      {
        cluster,
        namespace,
        server,
        credentials,
        priorityClassName: priorityClassNames?.stores,
        verifiers: serverVerifiers(roles),
        // Of each role. PgBouncer's max_db_connections keeps the headroom free of both together.
        connectionLimit: maxConnections - headroom,
      },
      this.child,
    );
  }

  private pooler(args: PostgresArgs, server: PostgresServer, roles: Credentials, bootstrap: Bootstrap): PgBouncer {
    const { cluster, namespace, clientNamespace, authority, pgbouncer, priorityClassNames, passwordRotation } = args;
    return new PgBouncer(
      this.named("pgbouncer"),
      {
        size: pgbouncer,
        budget: this.budget,
        cluster,
        namespace,
        clientNamespace,
        authority,
        priorityClassName: priorityClassNames?.pooler,
        server,
        verifiers: clientVerifiers(roles),
        passwordRotation,
        // The roles must have their passwords before the pods start.
        after: bootstrap.job,
      },
      this.child,
    );
  }
}
