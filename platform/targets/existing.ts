import * as pulumi from "@pulumi/pulumi";
import { TraefikIngress } from "../../components/app/ingress/traefik";
import { traefikNamespace } from "../../components/app/network-policies";
import { appService } from "../../components/app/service";
import { ExistingCluster } from "../../components/cluster/existing";
import { namespaceNames } from "../../components/namespaces/namespaces";
import type { TargetDefinition } from "./target";

/** A cluster that already exists, in any environment. The stores run in it, and requests come through its Traefik. */
export const existing: TargetDefinition<"existing"> = {
  providers: () => [],
  create({ settings }, options) {
    const { kubeconfig = "", context, storageClass, adopt, domain, maintenance, namespacePrefix } = settings;
    const cluster = new ExistingCluster("cluster", { kubeconfig, context, storageClass, adopt }, options);
    return {
      cluster,
      sharedCluster: true,
      archivesPostgres: false,
      storeNetwork: undefined,
      clusterCidrs: undefined,
      gateway: { ingressFrom: { namespace: traefikNamespace }, verifyOrigin: false, cloudFront: false, maintenance },
      identity: () => undefined,
      monitorIdentity: undefined,
      publish(app, namespace) {
        new TraefikIngress("app-ingress", { cluster, namespace, host: domain }, { parent: app });
        return { url: pulumi.output(domain ? `http://${domain}` : "http://localhost"), watched: [] };
      },
      nextSteps: [
        "The hop from the ingress controller to the application is plain HTTP inside your cluster. Run the controller on " +
          "the same node, or encrypt the traffic between nodes.",
        `The network policy admits requests from the namespace ${traefikNamespace} only. Run Traefik there, or forward a ` +
          `port: kubectl -n ${namespaceNames(namespacePrefix).app} port-forward svc/${appService.name} 8080:80`,
        ...(adopt
          ? [
              "Objects that exist in the cluster are taken over (adopt), also those of others. Set adopt to false once " +
                "they are this stack's.",
            ]
          : []),
      ],
    };
  },
};
