import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { AppSize } from "../../tiers";
import { formatProblem } from "../../tiers/problem";
import type { Cluster } from "../cluster/cluster";
import type { Namespace } from "../namespaces/namespace";
import type { Certificate, CertificateAuthority } from "../pki/certificate-authority";
import { checksum } from "../support/checksum";
import { Component } from "../support/component";
import { labelsOf, selectorLabels } from "../support/labels";
import { ports, serviceNames } from "../support/names";
import { spread, userPod } from "../support/pods";
import { secretData } from "../support/secret";
import { autoscalerSpec } from "./autoscaler";
import { appContainer, gatewayContainer, gatewayObjects, podVolumes, shutdown } from "./containers";
import type { WorkloadEnvironment } from "./environment";
import { gatewayFiles, originEntry, originFile } from "./gateway";
import { type EgressTargets, egressPolicy, type IngressSource, ingressPolicy } from "./network-policies";
import { portProblem } from "./port";
import { appService } from "./service";

export interface AppArgs {
  /** Replica range and resources of the application's container. The gateway's resources come on top. */
  size: AppSize;
  /** Whether memory adds pods too, and then keeps them. @default false: only CPU does */
  scaleOnMemory?: boolean;
  /** Image of the application, with a tag or a digest. */
  image: string;
  /** Numeric user and group that the application runs as; never 0. */
  user: number;
  /** Port on which the application listens: 1024 to 65535, except the gateway's two ports. */
  port: number;
  /** Absolute path that returns 200 when the application can serve requests. */
  healthPath: string;
  /** Absolute path that returns 200 while the process works, whatever the stores do. @default a TCP check of the port */
  livePath?: string;
  /** Command of the application's container. @default the image's */
  command?: string[];
  environment: WorkloadEnvironment;
  /** Secret with which the kubelet pulls the image. @default none: the image is public, or the nodes may pull it */
  pullSecret?: pulumi.Input<string>;
  /** Priority class of the pods. @default the cluster's */
  priorityClassName?: pulumi.Input<string>;
  /** Issues the gateway's certificate. */
  authority: Pick<CertificateAuthority, "issue">;
  cluster: Pick<Cluster, "provider">;
  namespace: Namespace;
  /** Source of the requests. */
  ingressFrom: IngressSource;
  egress: EgressTargets;
  /** Whether the gateway rejects requests without the edge's secret header (`originSecret`). */
  verifyOrigin: boolean;
  /** Whether every request comes through CloudFront, so that the gateway may trust its headers. */
  cloudFront: boolean;
  /** Whether the gateway returns 503 to everything except health checks. */
  maintenance: boolean;
  /** Whether Prometheus scrapes the application, through the gateway. @default false */
  scraped?: boolean;
  /** Resource that the Deployment depends on, such as a migration. @default none */
  after?: pulumi.Resource;
}

const { name: app } = appService;
const labels = labelsOf(app, "app");

/** The application: pods with the user's container and a gateway that terminates TLS in the pod. */
export class App extends Component {
  /** The Service. It is created once the pods can serve requests. */
  readonly ready: pulumi.Resource;
  private readonly verification: pulumi.Output<string> | undefined;
  private readonly options: pulumi.CustomResourceOptions;

  constructor(
    name: string,
    private readonly args: AppArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("app:App", name, opts);
    const problem = portProblem(args.port);
    if (problem) throw new pulumi.ResourceError(formatProblem(problem), this);
    this.options = { ...this.child, provider: args.cluster.provider };

    this.verification = args.verifyOrigin ? this.newOriginSecret() : undefined;
    const certificate = args.authority.issue(app, serviceNames(app, args.namespace.name));
    const objects = [...this.gatewayObjects(certificate), ...(args.after ? [args.after] : [])];
    this.policies();
    const deployment = this.deployment(this.serviceAccount(), this.checksum(certificate), objects);
    this.ready = this.service(deployment);
    this.autoscaler(deployment);
    this.disruptionBudget();
    this.registerOutputs({ originSecret: this.verification });
  }

  /** Value of the header that the edge sends; a secret. Throws a ResourceError without `verifyOrigin`. */
  get originSecret(): pulumi.Output<string> {
    if (this.verification) return this.verification;
    throw new pulumi.ResourceError("app.originSecret: exists only with verifyOrigin", this);
  }

  private metadata(name: string): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: this.args.namespace.created, labels };
  }

  private newOriginSecret(): pulumi.Output<string> {
    const password = new random.RandomPassword(this.named("origin"), { length: 32, special: false }, this.child);
    return pulumi.secret(password.result);
  }

  /** The objects that the gateway mounts. */
  private gatewayObjects({ certificate, privateKey }: Certificate): pulumi.Resource[] {
    const configuration = new k8s.core.v1.ConfigMap(
      this.named("gateway"),
      { metadata: this.metadata(gatewayObjects.config), data: gatewayFiles(this.args) },
      this.options,
    );
    const tls = this.secret("gateway-tls", gatewayObjects.tls, "kubernetes.io/tls", {
      "tls.crt": certificate,
      "tls.key": privateKey,
    });
    if (!this.verification) return [configuration, tls];
    const origin = this.secret("gateway-origin", gatewayObjects.origin, "Opaque", {
      [originFile]: this.verification.apply(originEntry),
    });
    return [configuration, tls, origin];
  }

  private secret(child: string, name: string, type: string, texts: Record<string, pulumi.Output<string>>) {
    const metadata = this.metadata(name);
    return new k8s.core.v1.Secret(this.named(child), { metadata, type, data: secretData(texts) }, this.options);
  }

  /** Covers everything that containers read only at startup, so a change restarts the pods. */
  private checksum({ certificate }: Certificate): pulumi.Output<string> {
    return checksum({
      ...gatewayFiles(this.args),
      certificate,
      environment: this.args.environment.checksum,
      ...(this.verification && { origin: this.verification }),
    });
  }

  private policies(): void {
    const { ingressFrom, egress } = this.args;
    const policies = {
      ingress: ingressPolicy(selectorLabels(app), ingressFrom),
      egress: egressPolicy(selectorLabels(app), egress),
    };
    for (const [direction, spec] of Object.entries(policies)) {
      const metadata = this.metadata(`${app}-${direction}`);
      new k8s.networking.v1.NetworkPolicy(this.named(`${direction}-policy`), { metadata, spec }, this.options);
    }
  }

  /** A dedicated account without a token, because the application does not use the Kubernetes API. */
  private serviceAccount(): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
      this.named("account"),
      { metadata: this.metadata(app), automountServiceAccountToken: false },
      this.options,
    );
  }

  private deployment(
    account: k8s.core.v1.ServiceAccount,
    checksum: pulumi.Output<string>,
    dependsOn: pulumi.Resource[],
  ): k8s.apps.v1.Deployment {
    return new k8s.apps.v1.Deployment(
      this.named("deployment"),
      {
        metadata: this.metadata(app),
        // No `replicas`: the autoscaler sets them.
        spec: {
          selector: { matchLabels: selectorLabels(app) },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          // Gives a load balancer time to mark a new pod healthy before an old one terminates.
          minReadySeconds: 15,
          template: {
            metadata: { labels, annotations: { "checksum/config": checksum } },
            spec: this.pod(account),
          },
        },
      },
      { ...this.options, dependsOn },
    );
  }

  private pod(account: k8s.core.v1.ServiceAccount): k8s.types.input.core.v1.PodSpec {
    const { environment, healthPath, pullSecret, priorityClassName, size, user, verifyOrigin, scraped } = this.args;
    return {
      ...userPod({ serviceAccountName: account.metadata.name, user, pullSecret, priorityClassName }),
      topologySpreadConstraints: spread(selectorLabels(app)),
      terminationGracePeriodSeconds: shutdown.grace,
      containers: [
        appContainer({ ...this.args, size: size.container }),
        gatewayContainer(healthPath, verifyOrigin, scraped),
      ],
      volumes: podVolumes(environment, verifyOrigin),
    };
  }

  private service(deployment: k8s.apps.v1.Deployment): k8s.core.v1.Service {
    return new k8s.core.v1.Service(
      this.named("service"),
      {
        metadata: this.metadata(app),
        spec: {
          type: "ClusterIP",
          selector: selectorLabels(app),
          ports: [
            { name: "http", port: appService.httpPort, targetPort: ports.gatewayHttp },
            { name: "https", port: appService.httpsPort, targetPort: ports.gatewayHttps },
          ],
        },
      },
      { ...this.options, dependsOn: [deployment] },
    );
  }

  private autoscaler(deployment: k8s.apps.v1.Deployment): k8s.autoscaling.v2.HorizontalPodAutoscaler {
    return new k8s.autoscaling.v2.HorizontalPodAutoscaler(
      this.named("autoscaler"),
      { metadata: this.metadata(app), spec: autoscalerSpec(app, this.args) },
      { ...this.options, dependsOn: [deployment] },
    );
  }

  /** Always satisfiable, so that a node can always be drained. */
  private disruptionBudget(): k8s.policy.v1.PodDisruptionBudget {
    return new k8s.policy.v1.PodDisruptionBudget(
      this.named("disruption-budget"),
      {
        metadata: this.metadata(app),
        spec: {
          maxUnavailable: 1,
          selector: { matchLabels: selectorLabels(app) },
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      this.options,
    );
  }
}
