import * as k8s from "@pulumi/kubernetes";
import { checksum } from "../../support/checksum";
import { holdsDataForGood, retainedClaim, retainedData } from "../../support/data";
import { serviceHost, serviceNames } from "../../support/names";
import { secretData } from "../../support/secret";
import { keepsPodManagement } from "../../support/stateful-set";
import type { RedisStore } from "../common/server";
import {
  claimSpec,
  configFiles,
  policySpec,
  secretFiles,
  serviceSpec,
  statefulSetSpec,
  valkeyLabels,
  valkeyName,
} from "./pod";

/** Creates Valkey in a pod, on a volume that outlives it. */
export const clusterStore: RedisStore = (redis, args) => {
  const { size, cluster, namespace, authority, passwords } = args;
  const options = { ...redis.child, provider: cluster.provider };
  const inUse = size.place === "cluster";
  const metadata = { name: valkeyName, namespace: namespace.created, labels: valkeyLabels };
  const issued = authority.issue(valkeyName, [...serviceNames(valkeyName, namespace.name), "localhost"]);
  const data = configFiles(size.cluster, serviceHost(valkeyName, namespace.name), authority.certificate);
  const secrets = secretFiles(passwords, issued);

  const config = new k8s.core.v1.ConfigMap(redis.named("config"), { metadata, data }, options);
  const secret = new k8s.core.v1.Secret(redis.named("secret"), { metadata, data: secretData(secrets) }, options);
  const claim = new k8s.core.v1.PersistentVolumeClaim(
    redis.named("data"),
    {
      metadata: {
        ...metadata,
        name: `${valkeyName}-data`,
        // With volumeBindingMode WaitForFirstConsumer, the claim binds only once the StatefulSet has created its pod.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: claimSpec(size.cluster, cluster.storageClass),
    },
    { ...options, ...(inUse ? holdsDataForGood(args.removable) : retainedClaim) },
  );
  new k8s.core.v1.Service(redis.named("service"), { metadata, spec: serviceSpec() }, options);
  new k8s.networking.v1.NetworkPolicy(
    redis.named("policy"),
    { metadata, spec: policySpec(args.clientNamespaces) },
    options,
  );
  const server = new k8s.apps.v1.StatefulSet(
    redis.named("server"),
    {
      metadata,
      spec: statefulSetSpec({
        size: size.cluster,
        config: config.metadata.name,
        secret: secret.metadata.name,
        claim: claim.metadata.name,
        priorityClassName: args.priorityClassName,
        checksum: checksum({ ...data, ...secrets }),
      }),
    },
    { ...options, ...keepsPodManagement, ...(inUse ? holdsDataForGood(args.removable) : retainedData) },
  );
  const host = server.spec.serviceName.apply((service) => serviceHost(service, namespace.name));
  return { host, nodes: () => host.apply((only) => [only]) };
};
