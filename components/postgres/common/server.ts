import type * as pulumi from "@pulumi/pulumi";
import type { PostgresSize } from "../../../tiers/index";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import type { CertificateAuthority } from "../../pki/certificate-authority";
import type { Component } from "../../support/component";
import type { Removable } from "../../support/data";
import type { StoreNetwork } from "../../support/store";
import type { Watched } from "../../support/watched";
import type { Peer } from "./network-policies";

/** A Postgres server, in the cluster or on RDS. */
export interface PostgresServer {
  /** Host name of the primary. Resolves once it accepts connections. */
  host: pulumi.Output<string>;
  /** Host names of the read replicas. Empty if the primary also serves reads. */
  readHosts: pulumi.Output<string>[];
  /** PEM of the certificate authorities that clients verify the server against. */
  ca: pulumi.Input<string>;
  /** Peer for egress rules in its clients' NetworkPolicies. */
  peer: Peer;
  /** Security group of a managed server. */
  securityGroupId?: pulumi.Output<string>;
  /** Of a managed server: that of the previous generation, if there is one. */
  previous?: PostgresServer | undefined;
  /** What AWS has metrics of. @default nothing: the server is in the cluster */
  watched?: Watched[];
}

/** Arguments of a store, in the cluster or managed. */
export interface PostgresStoreArgs extends Removable {
  size: PostgresSize;
  cluster: Pick<Cluster, "provider" | "storageClass">;
  /** Namespace of the in-cluster store. */
  namespace: Namespace;
  /** Issues the certificate of the in-cluster store. */
  authority: Pick<CertificateAuthority, "issue" | "certificate">;
  /** Secret with the keys of `credentialKeys`. */
  credentials: pulumi.Input<string>;
  /** Priority class of the in-cluster store. @default the cluster's */
  priorityClassName?: pulumi.Input<string> | undefined;
  /** A secret. */
  superuserPassword: pulumi.Output<string>;
  /** KMS key of the managed store. A change replaces the store. @default the key that AWS manages */
  kmsKeyArn?: string | undefined;
  /** Required by the managed store. */
  network: StoreNetwork | undefined;
  /** The managed store, where both are declared: the in-cluster store may connect to it. */
  otherStore?: Peer | undefined;
  /** Whether a handover between the store in the cluster and the managed one is on. */
  handover: boolean;
  /** Whether the node takes the write-ahead log of the in-cluster store (`nodeBackups`). */
  archive: boolean;
  region: string;
  /** Region of the backup copies. Required with `crossRegionBackups`. */
  backupRegion?: string | undefined;
}

/** Creates a server as a child of the `postgres` component. */
export type PostgresStore = (postgres: Component, args: PostgresStoreArgs) => PostgresServer;
