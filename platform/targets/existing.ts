import * as pulumi from "@pulumi/pulumi";
import { TraefikIngress } from "../../components/app/ingress/traefik";
import { traefikNamespace } from "../../components/app/network-policies";
import { ExistingCluster } from "../../components/cluster/existing";
import type { TargetDefinition } from "./target";

/** A cluster that already exists, in any environment. The stores run in it, and requests come through its Traefik. */
export const existing: TargetDefinition<"existing"> = {
  providers: () => [],
  create({ settings }, options) {
    const { kubeconfig = "", context, storageClass, domain, maintenance } = settings;
    const cluster = new ExistingCluster("cluster", { kubeconfig, context, storageClass }, options);
    return {
      cluster,
      storeNetwork: undefined,
      gateway: { ingressFrom: { namespace: traefikNamespace }, verifyOrigin: false, cloudFront: false, maintenance },
      identity: () => undefined,
      publish(app, namespace) {
        new TraefikIngress("app-ingress", { cluster, namespace, host: domain }, { parent: app });
        return pulumi.output(domain ? `http://${domain}` : "http://localhost");
      },
      nextSteps: [
        "The hop from the ingress controller to the application is plain HTTP inside your cluster. Run the controller on " +
          "the same node, or encrypt the traffic between nodes.",
        `The network policy admits requests from the namespace ${traefikNamespace} only. Run Traefik there, or forward a ` +
          "port: kubectl -n app port-forward svc/app 8080:80",
      ],
    };
  },
};
