import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PgBouncerSize } from "../../../tiers";
import type { ConnectionBudget } from "../../../tiers/connections";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import type { CertificateAuthority } from "../../pki/certificate-authority";
import { checksum } from "../../support/checksum";
import { Component } from "../../support/component";
import { exporterWebConfig } from "../../support/exporter-web";
import { readScript } from "../../support/file";
import { ports, serviceHost, serviceNames } from "../../support/names";
import { generatedPassword, generatedSalt, type Rotated } from "../../support/rotation";
import { secretData } from "../../support/secret";
import { pgbouncerPolicy } from "../common/network-policies";
import { verifierOf } from "../common/scram";
import type { PostgresServer } from "../common/server";
import {
  adminUser,
  databases,
  defaults,
  exporterFolder,
  files,
  forced,
  renderIni,
  renderUserlist,
  sizeSettings,
  statsPassword,
  statsUser,
} from "./ini";
import {
  connectionKey,
  deploymentSpec,
  disruptionBudgetSpec,
  pgbouncerLabels,
  pgbouncerName,
  podsServiceSpec,
  serviceSpec,
} from "./pod";

/** A server, and the pools that it has room for. */
export interface Served {
  server: PostgresServer;
  /** Pool sizes, computed for the maximum number of pods. */
  budget: ConnectionBudget;
}

export interface PgBouncerArgs extends Rotated, Served {
  size: PgBouncerSize;
  /** What a handover leads to. The pods have its configuration beside theirs, and an administrator. @default none is on */
  next?: (Served & { switched: boolean }) | undefined;
  cluster: Pick<Cluster, "provider">;
  /** Namespace of every object. */
  namespace: Namespace;
  /** Namespace of the clients. */
  clientNamespace: string;
  /** Issues the certificate that clients verify. */
  authority: Pick<CertificateAuthority, "issue">;
  /** Priority class of the pods. @default the cluster's */
  priorityClassName?: pulumi.Input<string> | undefined;
  /** SCRAM verifiers of the roles that clients use, identical to the server's. Secrets. */
  verifiers: Record<string, pulumi.Output<string>>;
  /** Whether something scrapes the exporter, over TLS. @default false: it serves its own pod */
  scraped?: boolean | undefined;
  /** Resources that the Deployment depends on. @default none */
  after?: pulumi.Resource[];
}

type FileSet = Record<string, pulumi.Input<string>>;

const peersOf = ({ server, next }: PgBouncerArgs) => [server.peer, ...(next ? [next.server.peer] : [])];

/** Renders the configuration for one of the servers. */
function iniOf({ size, next }: PgBouncerArgs, { server, budget }: Served): pulumi.Output<string> {
  const sizes = sizeSettings(size, budget, server.readHosts.length);
  const administrators = next && { admin_users: adminUser };
  return pulumi.all([server.host, pulumi.all(server.readHosts)]).apply(([host, readHosts]) =>
    renderIni({
      databases: databases(host, readHosts, budget),
      defaults,
      sizes,
      forced: { ...forced, ...administrators },
    }),
  );
}

/** The authorities of a server, and of the one that a handover leads to. Two instances of RDS have the same. */
const authoritiesOf = ({ ca }: PostgresServer, next: PostgresServer | undefined): pulumi.Input<string> =>
  next && next.ca !== ca ? pulumi.interpolate`${ca}\n${next.ca}` : ca;

/** PgBouncer, in transaction mode but for `app_session`: serves many clients with few server connections. */
export class PgBouncer extends Component {
  /** Host name for clients. Resolves once the pods are ready. */
  readonly host: pulumi.Output<string>;
  readonly deployment: k8s.apps.v1.Deployment;
  /** During a handover: the administrator's password, a secret, and the host name that resolves to every pod. */
  readonly administration: { password: pulumi.Output<string>; podsHost: pulumi.Output<string> } | undefined;
  private readonly options: pulumi.CustomResourceOptions;

  constructor(name: string, args: PgBouncerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("postgres:PgBouncer", name, opts);
    this.options = { ...this.child, provider: args.cluster.provider };
    const config = this.configuration(args);
    const stats = this.statsUser(args);
    const admin = args.next && this.user("admin-password", "admin-salt", 0);
    const users = this.userlist(args, {
      ...args.verifiers,
      [statsUser]: stats.verifier,
      ...(admin && { [adminUser]: admin.verifier }),
    });
    const tls = this.certificate(args);
    const exporter = this.exporterSecret(args, stats.password);

    const metadata = this.metadata(args);
    const account = new k8s.core.v1.ServiceAccount(
      this.named("account"),
      { metadata, automountServiceAccountToken: false },
      this.options,
    );
    new k8s.networking.v1.NetworkPolicy(
      this.named("policy"),
      { metadata, spec: pgbouncerPolicy(args.clientNamespace, peersOf(args), args.next !== undefined) },
      this.options,
    );
    const spec = deploymentSpec({
      size: args.size,
      ini: args.next?.switched ? files.next : files.ini,
      config: config.name,
      users: users.name,
      tls: tls.name,
      exporter: exporter.name,
      scraped: args.scraped ?? false,
      serviceAccount: account.metadata.name,
      priorityClassName: args.priorityClassName,
      checksum: checksum({ ...config.content, ...users.content, ...tls.content, ...exporter.content }),
    });
    this.deployment = new k8s.apps.v1.Deployment(
      this.named("deployment"),
      { metadata, spec },
      { ...this.options, dependsOn: args.after },
    );
    // Pulumi waits ten minutes for a Service's endpoints. Creating the database can take longer, so the Deployment
    // comes first.
    const service = new k8s.core.v1.Service(
      this.named("service"),
      { metadata, spec: serviceSpec() },
      { ...this.options, dependsOn: this.deployment },
    );
    this.disruptionBudget(args);
    this.administration = admin && { password: admin.password, podsHost: this.podsHost(args) };
    this.host = service.metadata.name.apply((name) => serviceHost(name, args.namespace.name));
    this.registerOutputs({ host: this.host });
  }

  private metadata({ namespace }: PgBouncerArgs, suffix = "") {
    return { name: `${pgbouncerName}${suffix}`, namespace: namespace.created, labels: pgbouncerLabels };
  }

  private configuration(args: PgBouncerArgs) {
    const { next, server } = args;
    const content: FileSet = {
      [files.ini]: iniOf(args, args),
      ...(next && { [files.next]: iniOf(args, next) }),
      // One file for both servers of a handover: their names differ, and the switch changes nothing about TLS.
      [files.serverCa]: authoritiesOf(server, next?.server),
      [files.drain]: readScript(__dirname, files.drain),
      ...(args.scraped && { [files.exporterWeb]: exporterWebConfig(exporterFolder) }),
    };
    const metadata = this.metadata(args);
    // It must not name a server that the bootstrap refuses: a pod that restarts would read it.
    const options = { ...this.options, dependsOn: args.after };
    const { name } = new k8s.core.v1.ConfigMap(this.named("config"), { metadata, data: content }, options).metadata;
    return { name, content };
  }

  /** Each pod has its own copy of the exporter's password and its verifier, so both change at once. */
  private statsUser({ passwordRotation = 0 }: PgBouncerArgs) {
    return this.user(statsPassword, "stats-salt", passwordRotation);
  }

  /** Creates the password of one of PgBouncer's own users, and its verifier. */
  private user(passwordName: string, saltName: string, rotation: number) {
    const password = generatedPassword(this, passwordName, rotation);
    return { password, verifier: verifierOf(password, generatedSalt(this, saltName, rotation)) };
  }

  private userlist(args: PgBouncerArgs, verifiers: Record<string, pulumi.Output<string>>) {
    const userlist = pulumi.all(verifiers).apply(renderUserlist);
    return this.secret("users", args, { [files.users]: pulumi.secret(userlist) });
  }

  /** Creates a name that resolves to every pod, ready or not: a handover switches each of them. Returns it. */
  private podsHost(args: PgBouncerArgs): pulumi.Output<string> {
    const { metadata } = new k8s.core.v1.Service(
      this.named("pods"),
      { metadata: this.metadata(args, "-pods"), spec: podsServiceSpec() },
      { ...this.options, dependsOn: this.deployment },
    );
    return metadata.name.apply((name) => serviceHost(name, args.namespace.name));
  }

  private certificate(args: PgBouncerArgs) {
    const issued = args.authority.issue(pgbouncerName, serviceNames(pgbouncerName, args.namespace.name));
    const content = { [files.certificate]: issued.certificate, [files.key]: issued.privateKey };
    return this.secret("tls", args, content, "kubernetes.io/tls");
  }

  /** Connects over loopback: the exporter runs in the same pod. */
  private exporterSecret(args: PgBouncerArgs, password: pulumi.Output<string>) {
    const url = pulumi.interpolate`postgres://${statsUser}:${password}@127.0.0.1:${ports.pgbouncer}/pgbouncer?sslmode=require`;
    return this.secret("exporter", args, { [connectionKey]: pulumi.secret(url) });
  }

  private secret(child: string, args: PgBouncerArgs, content: FileSet, type = "Opaque") {
    const { name } = new k8s.core.v1.Secret(
      this.named(child),
      { metadata: this.metadata(args, `-${child}`), type, data: secretData(content) },
      this.options,
    ).metadata;
    return { name, content };
  }

  /** Omitted for a single pod, where it would only block node drains. */
  private disruptionBudget(args: PgBouncerArgs): void {
    if (args.size.replicas < 2) return;
    new k8s.policy.v1.PodDisruptionBudget(
      this.named("disruption-budget"),
      { metadata: this.metadata(args), spec: disruptionBudgetSpec() },
      this.options,
    );
  }
}
