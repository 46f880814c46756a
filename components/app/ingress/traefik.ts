import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import { Component } from "../../support/component";
import { labelsOf } from "../../support/labels";
import { appService } from "../service";

export interface TraefikIngressArgs {
  cluster: Pick<Cluster, "provider">;
  namespace: Namespace;
  /** Host name of the requests. @default any */
  host?: string;
  /** Traefik's certificate resolver. With one, requests are accepted over TLS only, with a certificate for `host`.
   * @default none: plain HTTP */
  certificateResolver?: string;
}

const annotation = "traefik.ingress.kubernetes.io/router";

/** Returns the annotations that select Traefik's entry point and, with a resolver, its certificate. */
function routerAnnotations(certificateResolver?: string): Record<string, string> {
  if (certificateResolver === undefined) return { [`${annotation}.entrypoints`]: "web" };
  return {
    [`${annotation}.entrypoints`]: "websecure",
    [`${annotation}.tls`]: "true",
    [`${annotation}.tls.certresolver`]: certificateResolver,
  };
}

/** Routes requests through Traefik to the gateway's plain HTTP port. On k3s this hop stays on the node. */
export class TraefikIngress extends Component {
  constructor(name: string, args: TraefikIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("app:TraefikIngress", name, opts);
    const { host, certificateResolver } = args;
    if (certificateResolver !== undefined && host === undefined) {
      const fix = "set host, or remove certificateResolver";
      throw new pulumi.ResourceError(
        `certificateResolver: ${certificateResolver} cannot get a certificate without a host; ${fix}.`,
        this,
      );
    }
    const backend = { service: { name: appService.name, port: { name: "http" } } };
    new k8s.networking.v1.Ingress(
      this.named("route"),
      {
        metadata: {
          name: appService.name,
          namespace: args.namespace.created,
          labels: labelsOf(appService.name, "ingress"),
          // An existing cluster may never report an address, and Pulumi would wait for one.
          annotations: { "pulumi.com/skipAwait": "true", ...routerAnnotations(certificateResolver) },
        },
        spec: {
          ingressClassName: "traefik",
          rules: [
            { ...(host !== undefined && { host }), http: { paths: [{ path: "/", pathType: "Prefix", backend }] } },
          ],
        },
      },
      { ...this.child, provider: args.cluster.provider },
    );
    this.registerOutputs({});
  }
}
