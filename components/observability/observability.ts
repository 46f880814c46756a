import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ObservabilitySize, PostgresPlace } from "../../tiers";
import { keepsLogs } from "../../tiers/observability";
import type { Heartbeat } from "../alarms/heartbeat";
import { appService } from "../app/service";
import type { Cluster } from "../cluster/cluster";
import type { WorkloadIdentity } from "../identity/identity";
import type { Namespace } from "../namespaces/namespace";
import type { CertificateAuthority } from "../pki/certificate-authority";
import type { PostgresMonitor } from "../postgres/common/monitor";
import { workloads } from "../postgres/common/network-policies";
import { valkeyName } from "../redis/cluster/pod";
import { checksum } from "../support/checksum";
import { Component } from "../support/component";
import { outlives, type Removable } from "../support/data";
import { selectorLabels } from "../support/labels";
import { ports, prefixed } from "../support/names";
import { secretData } from "../support/secret";
import type { Watched } from "../support/watched";
import { workerComponent } from "../workers/pool";
import { renderRules } from "./alerts/render";
import { cloudwatchConfigOf } from "./cloudwatch/config";
import { cloudwatchFile } from "./cloudwatch/exporter";
import { seriesOf } from "./cloudwatch/figures";
import { renderDashboards } from "./dashboards/render";
import { authModule, postgresExporterConfig } from "./exporters";
import { provisioning } from "./grafana";
import { type Job, jobs } from "./jobs";
import { Logs } from "./logs/logs";
import { heartbeatUrlFile, type MailArgs, mailConfig, mailFiles } from "./mail";
import { monitorName, monitorPolicy, watchedPolicy } from "./network-policies";
import { NodeExporter } from "./node-exporter";
import { claimName, claimSpec, deploymentSpec, files, monitorLabels, paths } from "./pod";
import { renderPrometheus } from "./prometheus/config";
import { clusterRules, namespacedRules } from "./rights";

export interface ObservabilityArgs extends Removable {
  size: ObservabilitySize;
  /** Size of the disk that the volumes share, in GiB: they have no bounds of their own. @default they share none */
  diskGiB?: number | undefined;
  cluster: Pick<Cluster, "provider" | "storageClass" | "ownDisks">;
  /** Its own namespace, and those that it watches. */
  namespaces: Record<"app" | "data" | "observability", Namespace> & {
    /** That of the agent that reads the nodes' logs, where they are kept. */
    logAgent?: Namespace | undefined;
  };
  /** Prefix of the objects that are unique in the cluster. @default none */
  namePrefix?: string | undefined;
  /** Vouches for the gateway, PgBouncer and the in-cluster Redis. */
  authority: Pick<CertificateAuthority, "certificate" | "issue" | "expires">;
  postgres: PostgresMonitor;
  redis: {
    /** Returns the host names of every node. */
    nodes: () => pulumi.Output<string[]>;
    /** A secret. */
    password: pulumi.Output<string>;
  };
  /** Which stores run in the cluster. The others are managed, in `storesCidr`. */
  inCluster: Record<"postgres" | "redis", boolean>;
  /** CIDR of the managed stores. @default none */
  storesCidr?: string | undefined;
  /** CIDRs of the API server and of the nodes. @default unknown: every address but link-local ones */
  clusterCidrs?: string[] | undefined;
  /** Where `npm run drill -- restore` can restore a backup of Postgres: undefined is nowhere. */
  restorable: PostgresPlace | undefined;
  /** Whether there are workers. */
  workers: boolean;
  /** What the stack may cost a month, in USD, for the dashboard of its costs. */
  budgetUsd: number;
  /** Port on which the workers answer. */
  workerPort: number;
  /** Who is told of the alerts, and how. @default nobody: no Alertmanager runs */
  mail?: MailArgs | undefined;
  /** The IAM role of its pod. @default none */
  identity?: Pick<WorkloadIdentity, "version" | "port"> | undefined;
  /** The dead man's switch of Alertmanager: a topic, to which the role may publish, or a URL that is a secret. @default none */
  heartbeat?: Pick<Heartbeat, "topicArn" | "region"> | { url: string } | undefined;
  /** What CloudWatch has figures of, which the role may read, and the region of what names none. @default none are kept */
  cloudwatch?: { watched: readonly Watched[]; region: string } | undefined;
  /** Priority class of the pods. @default the cluster's */
  priorityClassName?: pulumi.Input<string> | undefined;
  /** Priority class of the pods that run on each node. @default that of the others */
  agentPriorityClassName?: pulumi.Input<string> | undefined;
}

/** What runs in Kubernetes to see the product: Prometheus with its exporters, Alertmanager and Grafana, in one pod. */
export class Observability extends Component {
  private readonly options: pulumi.CustomResourceOptions;

  constructor(
    name: string,
    private readonly args: ObservabilityArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("observability:Observability", name, opts);
    this.options = { ...this.child, provider: args.cluster.provider };
    const account = this.account();
    this.policies();
    const secret = this.secret();
    this.nodes();
    this.logs();
    this.deployment(account, secret);
    this.registerOutputs({});
  }

  private metadata(namespace: Namespace = this.args.namespaces.observability, name: string = monitorName) {
    return { name, namespace: namespace.created, labels: monitorLabels };
  }

  /** The namespaces whose objects it reports, by role. */
  private get watchedNamespaces(): [role: string, namespace: Namespace][] {
    const { app, data, observability, logAgent } = this.args.namespaces;
    return [
      ...Object.entries({ app, data, observability }),
      ...(logAgent ? [["log-agent", logAgent] as [string, Namespace]] : []),
    ];
  }

  /** The account and what it may see of the API server. Returns its name. */
  private account(): k8s.core.v1.ServiceAccount {
    const { namespaces, namePrefix } = this.args;
    const account = new k8s.core.v1.ServiceAccount(
      this.named("account"),
      { metadata: this.metadata(), automountServiceAccountToken: false },
      this.options,
    );
    const subjects = [{ kind: "ServiceAccount", name: monitorName, namespace: namespaces.observability.name }];
    const group = "rbac.authorization.k8s.io";
    const after = { ...this.options, dependsOn: [account] };
    for (const [role, namespace] of this.watchedNamespaces) {
      const metadata = this.metadata(namespace);
      const made = new k8s.rbac.v1.Role(this.named(`${role}-role`), { metadata, rules: namespacedRules }, this.options);
      const roleRef = { apiGroup: group, kind: "Role", name: made.metadata.name };
      new k8s.rbac.v1.RoleBinding(this.named(`${role}-role-binding`), { metadata, subjects, roleRef }, after);
    }
    const metadata = { name: prefixed(namePrefix, `tierstack-${monitorName}`), labels: monitorLabels };
    const made = new k8s.rbac.v1.ClusterRole(this.named("nodes-role"), { metadata, rules: clusterRules }, this.options);
    const roleRef = { apiGroup: group, kind: "ClusterRole", name: made.metadata.name };
    new k8s.rbac.v1.ClusterRoleBinding(this.named("nodes-role-binding"), { metadata, subjects, roleRef }, after);
    return account;
  }

  /** Its own policy, and one beside the policies of each workload that it watches. */
  private policies(): void {
    const { namespaces, inCluster, storesCidr, clusterCidrs, workerPort, mail, heartbeat, identity } = this.args;
    const { app, data, observability } = namespaces;
    const web = identity ? { credentialsPort: identity.port } : heartbeat && {};
    const told = { mailPort: mail?.port, web };
    const own = monitorPolicy({ app: app.name, data: data.name, workerPort, storesCidr, clusterCidrs, ...told });
    this.policy("policy", observability, monitorName, own);
    const watched = (child: string, namespace: Namespace, matchLabels: Record<string, string>, port: number) =>
      this.policy(
        `${child}-policy`,
        namespace,
        `${monitorName}-${child}`,
        watchedPolicy({ matchLabels }, port, observability.name),
      );
    watched("app", app, selectorLabels(appService.name), ports.gatewayMetrics);
    const workers = { "app.kubernetes.io/component": workerComponent, "app.kubernetes.io/part-of": "tierstack" };
    watched("workers", app, workers, workerPort);
    watched("pgbouncer", data, selectorLabels(workloads.pgbouncer), ports.pgbouncerMetrics);
    if (inCluster.postgres) watched("postgres", data, selectorLabels(workloads.server), ports.postgres);
    if (inCluster.redis) watched("redis", data, selectorLabels(valkeyName), ports.redis);
  }

  private policy(
    child: string,
    namespace: Namespace,
    name: string,
    spec: k8s.types.input.networking.v1.NetworkPolicySpec,
  ): void {
    new k8s.networking.v1.NetworkPolicy(
      this.named(child),
      { metadata: this.metadata(namespace, name), spec },
      this.options,
    );
  }

  /** What runs on each node. Before the rules, which know when its certificate expires. */
  private nodes(): void {
    const { cluster, namespaces, authority } = this.args;
    const { priorityClassName: others, agentPriorityClassName: priorityClassName = others } = this.args;
    new NodeExporter(
      this.named("node-exporter"),
      { cluster, namespace: namespaces.observability, authority, priorityClassName },
      this.child,
    );
  }

  /** The logs of the pods, where they are kept. */
  private logs(): void {
    const { size, namespaces } = this.args;
    const { logAgent } = namespaces;
    if (!keepsLogs(size) || !logAgent) return;
    new Logs(this.named("logs"), { ...this.args, size, namespaces: { ...namespaces, logAgent } }, this.child);
  }

  /** What there is to scrape. A rule or a dashboard of anything else is left out. */
  private get jobs(): Job[] {
    const { workers, mail, cloudwatch } = this.args;
    const runs: Partial<Record<Job, boolean>> = {
      worker: workers,
      alertmanager: mail !== undefined,
      cloudwatch: cloudwatch !== undefined,
    };
    return jobs.filter((job) => runs[job] ?? true);
  }

  /** The dashboards, and what Grafana reads at its start. It reads the dashboards again when they change. */
  private dashboards() {
    const { budgetUsd, cloudwatch } = this.args;
    const dashboards = renderDashboards({
      jobs: this.jobs,
      cloudwatch: seriesOf(cloudwatch?.watched ?? []),
      constants: { budgetUsd },
    });
    const { metadata } = new k8s.core.v1.ConfigMap(
      this.named("dashboards"),
      {
        metadata: this.metadata(this.args.namespaces.observability, `${monitorName}-dashboards`),
        data: { ...dashboards, ...provisioning() },
      },
      this.options,
    );
    return { name: metadata.name, files: Object.keys(dashboards) };
  }

  /** What Alertmanager reads. */
  private get mailConfig(): Record<string, pulumi.Input<string>> {
    const { mail, heartbeat } = this.args;
    if (!mail) return {};
    const { password: _, ...server } = mail;
    if (!heartbeat) return { [mailFiles.config]: mailConfig(server) };
    if ("url" in heartbeat) return { [mailFiles.config]: mailConfig(server, { urlFile: heartbeatUrlFile }) };
    const { topicArn, region } = heartbeat;
    return { [mailFiles.config]: topicArn.apply((arn) => mailConfig(server, { topicArn: arn, region })) };
  }

  /** What Alertmanager reads and nobody else may. */
  private get mailSecrets(): Record<string, pulumi.Output<string>> {
    const { mail, heartbeat } = this.args;
    return {
      ...(mail?.password !== undefined && { [mailFiles.password]: pulumi.secret(mail.password) }),
      ...(heartbeat && "url" in heartbeat && { [mailFiles.heartbeatUrl]: pulumi.secret(heartbeat.url) }),
    };
  }

  /** What the exporter of CloudWatch's figures reads at its start. */
  private get cloudwatchConfig(): Record<string, pulumi.Input<string>> {
    const { cloudwatch } = this.args;
    return cloudwatch ? { [cloudwatchFile]: cloudwatchConfigOf(cloudwatch.watched, cloudwatch.region) } : {};
  }

  /** The ConfigMap. Prometheus reads its files again when they change, so no checksum covers them. */
  private config(): k8s.core.v1.ConfigMap {
    const { namespaces, authority, postgres, redis } = this.args;
    const names = {
      app: namespaces.app.name,
      data: namespaces.data.name,
      observability: namespaces.observability.name,
    };
    const config = pulumi.all([pulumi.all(postgres.servers), redis.nodes()]).apply(([servers, redisNodes]) =>
      renderPrometheus({
        namespaces: names,
        postgres: { servers, database: postgres.database, authModule },
        redisNodes,
        mails: this.args.mail !== undefined,
        cloudwatch: this.args.cloudwatch !== undefined,
        files: paths.scrape,
      }),
    );
    return new k8s.core.v1.ConfigMap(
      this.named("config"),
      {
        metadata: this.metadata(),
        data: {
          [files.config]: config,
          [files.rules]: authority.expires.apply((certificatesExpire) =>
            renderRules({ jobs: this.jobs, certificatesExpire, restorable: this.args.restorable }),
          ),
          [files.authority]: authority.certificate,
          [files.postgresAuthority]: postgres.ca,
          ...this.mailConfig,
          ...this.cloudwatchConfig,
        },
      },
      this.options,
    );
  }

  private secret() {
    const { postgres, redis } = this.args;
    const { user } = postgres;
    const login = postgres.password.apply((password) =>
      postgresExporterConfig({ user, password, ca: paths.postgresAuthority }),
    );
    const content = {
      [files.postgresExporter]: pulumi.secret(login),
      [files.redisPassword]: redis.password,
      ...this.mailSecrets,
    };
    const { name } = new k8s.core.v1.Secret(
      this.named("secret"),
      { metadata: this.metadata(), data: secretData(content) },
      this.options,
    ).metadata;
    return { name, content };
  }

  private claim(): pulumi.Output<string> {
    const { size, cluster, namespaces, removable } = this.args;
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      this.named(claimName("metrics", cluster)),
      {
        metadata: {
          ...this.metadata(namespaces.observability, `${monitorName}-metrics`),
          // With volumeBindingMode WaitForFirstConsumer, the claim binds only once the Deployment has created its pod.
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: claimSpec(size.metricsGiB, cluster.storageClass),
      },
      { ...this.options, ...outlives(removable) },
    );
    return claim.metadata.name;
  }

  private deployment(
    account: k8s.core.v1.ServiceAccount,
    secret: { name: pulumi.Output<string>; content: Record<string, pulumi.Output<string>> },
  ): void {
    const { size, inCluster, priorityClassName, mail, identity } = this.args;
    const dashboards = this.dashboards();
    // EKS gives a pod its credentials when it starts.
    const role = identity && { identity: identity.version };
    const spec = deploymentSpec({
      dashboards: dashboards.name,
      dashboardFiles: dashboards.files,
      size,
      namespaces: this.watchedNamespaces.map(([, { name }]) => name),
      ownRedis: inCluster.redis,
      mail: mail && { secrets: Object.keys(this.mailSecrets) },
      cloudwatch: this.args.cloudwatch !== undefined,
      config: this.config().metadata.name,
      secret: secret.name,
      claim: this.claim(),
      serviceAccount: account.metadata.name,
      priorityClassName,
      checksum: checksum({
        ...secret.content,
        ...provisioning(),
        ...this.mailConfig,
        ...this.cloudwatchConfig,
        ...role,
      }),
    });
    new k8s.apps.v1.Deployment(this.named("deployment"), { metadata: this.metadata(), spec }, this.options);
  }
}
