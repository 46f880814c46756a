import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PostgresSize } from "../../../tiers";
import { checksum } from "../../support/checksum";
import { Component } from "../../support/component";
import { holdsDataForGood, retainedClaim, retainedData } from "../../support/data";
import { readScript } from "../../support/file";
import { serviceHost, serviceNames } from "../../support/names";
import { secretData } from "../../support/secret";
import { keepsPodManagement } from "../../support/stateful-set";
import { archiveScript, restoreProgram, restoreScript } from "../archive/settings";
import { podsOf, serverPolicy } from "../common/network-policies";
import type { PostgresServer, PostgresStore, PostgresStoreArgs } from "../common/server";
import { rdsAuthorities } from "../managed/authorities";
import { archiveSh, hbaConf, managedCaFile, postgresqlConf } from "./config";
import { claimSpec, serverLabels, serverName, serviceSpec, statefulSetSpec } from "./pod";

/** Whether the product uses the store. False if it is only kept. */
const inUse = ({ place }: PostgresSize) => place === "cluster";

/** Creates Postgres in the cluster. */
export const clusterStore: PostgresStore = (postgres, args) =>
  new ClusterStore(postgres.named("cluster"), args, postgres.child);

/**
 * Postgres in a pod, on a volume that outlives it. It has no PodDisruptionBudget: with a single pod, one would only
 * block node drains, and the database restarts with its data in seconds.
 */
class ClusterStore extends Component implements PostgresServer {
  readonly host: pulumi.Output<string>;
  readonly readHosts: pulumi.Output<string>[] = [];
  readonly ca: pulumi.Output<string>;
  readonly peer = podsOf("server");
  private readonly options: pulumi.CustomResourceOptions;
  private readonly metadata: { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> };

  constructor(name: string, args: PostgresStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("postgres:ClusterStore", name, opts);
    this.options = { ...this.child, provider: args.cluster.provider };
    this.metadata = { name: serverName, namespace: args.namespace.created, labels: serverLabels };
    this.ca = args.authority.certificate;

    const { metadata, options } = this;
    const tls = this.certificate(args);
    const config = this.configuration(args);
    const claim = this.volume(args);
    new k8s.core.v1.Service(this.named("service"), { metadata, spec: serviceSpec() }, options);
    new k8s.networking.v1.NetworkPolicy(this.named("policy"), { metadata, spec: serverPolicy(args) }, options);
    const server = this.server(args, claim, config, tls);
    this.host = server.spec.serviceName.apply((service) => serviceHost(service, args.namespace.name));
    this.registerOutputs({ host: this.host });
  }

  private certificate({ authority, namespace }: PostgresStoreArgs) {
    const issued = authority.issue(serverName, serviceNames(serverName, namespace.name));
    const files = { "tls.crt": issued.certificate, "tls.key": issued.privateKey };
    const secret = new k8s.core.v1.Secret(
      this.named("tls"),
      { metadata: { ...this.metadata, name: `${serverName}-tls` }, type: "kubernetes.io/tls", data: secretData(files) },
      this.options,
    );
    return { name: secret.metadata.name, files };
  }

  private configuration({ size, handover, region, archive }: PostgresStoreArgs) {
    // Only while it is in use: nothing takes the log of a store that is kept.
    const archives = archive && inUse(size);
    const files = {
      ...(archives && { [archiveScript]: archiveSh(size.cluster) }),
      "initdb.sh": readScript(__dirname, "initdb.sh"),
      "pg_hba.conf": hbaConf(archives),
      "postgresql.conf": postgresqlConf(size.cluster, archives),
    };
    // Not read at startup, so not one of the files: a change restarts nothing.
    const data = {
      ...files,
      ...(archives && { [restoreScript]: restoreProgram() }),
      ...(handover && { [managedCaFile]: rdsAuthorities(region) }),
    };
    const config = new k8s.core.v1.ConfigMap(this.named("config"), { metadata: this.metadata, data }, this.options);
    return { name: config.metadata.name, files };
  }

  private volume({ size, cluster, removable }: PostgresStoreArgs): pulumi.Output<string> {
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      this.named("data"),
      {
        metadata: {
          ...this.metadata,
          name: `${serverName}-data`,
          // With volumeBindingMode WaitForFirstConsumer, the claim binds only once the StatefulSet has created its pod.
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: claimSpec(size.cluster, cluster.storageClass),
      },
      { ...this.options, ...(inUse(size) ? holdsDataForGood(removable) : retainedClaim) },
    );
    return claim.metadata.name;
  }

  private server(
    { size, credentials, priorityClassName, removable }: PostgresStoreArgs,
    claim: pulumi.Output<string>,
    config: { name: pulumi.Output<string>; files: Record<string, string> },
    tls: { name: pulumi.Output<string>; files: Record<string, pulumi.Output<string>> },
  ): k8s.apps.v1.StatefulSet {
    return new k8s.apps.v1.StatefulSet(
      this.named("server"),
      {
        metadata: this.metadata,
        spec: statefulSetSpec({
          size: size.cluster,
          claim,
          config: config.name,
          tls: tls.name,
          credentials,
          priorityClassName,
          checksum: checksum({ ...config.files, ...tls.files }),
        }),
      },
      { ...this.options, ...keepsPodManagement, ...(inUse(size) ? holdsDataForGood(removable) : retainedData) },
    );
  }
}
