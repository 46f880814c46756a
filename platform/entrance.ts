import * as pulumi from "@pulumi/pulumi";
import type { App } from "../components/app/app";
import { AlbIngress } from "../components/app/ingress/alb";
import { TraefikIngress } from "../components/app/ingress/traefik";
import type { Cluster } from "../components/cluster/cluster";
import { certificateResolver } from "../components/cluster/k3s/traefik";
import { Edge, type Origin } from "../components/edge/edge";
import type { Namespaces } from "../components/namespaces/namespaces";
import type { Loaded } from "../config/load";
import type { Foundation } from "./foundation";

export interface EntranceArgs {
  loaded: Loaded;
  cluster: Cluster;
  namespaces: Namespaces;
  app: App;
  /** None on a cluster that exists already: requests come through its own Traefik. */
  foundation: Foundation | undefined;
  options: pulumi.ComponentResourceOptions;
}

/** The way in: ingress and, on AWS, CloudFront. Answers the product's URL. */
export function entrance({
  loaded,
  cluster,
  namespaces,
  app,
  foundation,
  options,
}: EntranceArgs): pulumi.Output<string> {
  const { spec, settings } = loaded;
  const { domain, hostedZoneId, maintenance } = settings;
  const { healthPath } = settings.app;
  const ingress = { cluster, namespace: namespaces.app };
  const below = { parent: app };
  if (!foundation) {
    new TraefikIngress("app-ingress", { ...ingress, host: domain }, below);
    return pulumi.output(domain ? `http://${domain}` : "http://localhost");
  }
  const { network, certificates } = foundation;
  const origin: Origin = certificates?.regionalArn
    ? loadBalancerOrigin(
        new AlbIngress(
          "app-ingress",
          {
            ...ingress,
            network,
            certificateArn: certificates.regionalArn,
            after: app.ready,
            healthPath,
          },
          below,
        ),
      )
    : {
        kind: "node",
        domainName: cluster.originDomainName ?? "",
        secret: app.originSecret ?? "",
        https: domain !== undefined,
      };
  const edge = new Edge(
    "edge",
    {
      origin,
      waf: spec.edge.waf,
      maintenance,
      healthPath,
      domain:
        certificates && domain && hostedZoneId
          ? { name: domain, hostedZoneId, certificateArn: certificates.viewerArn }
          : undefined,
    },
    options,
  );
  if (origin.kind === "node") {
    // The node asks for its certificate as soon as the ingress is there, and the answer comes through CloudFront.
    new TraefikIngress(
      "app-ingress",
      { ...ingress, host: domain, certificateResolver: domain && certificateResolver },
      { ...below, dependsOn: edge },
    );
  }
  return edge.url;
}

function loadBalancerOrigin({ loadBalancerArn, dnsName }: AlbIngress): Origin {
  return { kind: "loadBalancer", arn: loadBalancerArn, domainName: dnsName };
}
