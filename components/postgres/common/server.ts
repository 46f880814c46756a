import type * as pulumi from "@pulumi/pulumi";
import type { PostgresSize } from "../../../tiers/index";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import type { CertificateAuthority } from "../../pki/certificate-authority";
import type { Component } from "../../support/component";
import type { StoreNetwork } from "../../support/store";
import type { Peer } from "./network-policies";

/** A Postgres server, wherever it runs. */
export interface PostgresServer {
  /** Host name of the primary; known once it accepts connections. */
  host: pulumi.Output<string>;
  /** Host names of the read replicas; empty where the primary serves reads too. */
  readHosts: pulumi.Output<string>[];
  /** PEM of the authorities that its certificate is verified against. */
  ca: pulumi.Input<string>;
  /** Where it is, for the NetworkPolicies of its clients. */
  peer: Peer;
}

/** What a store is created from, in the cluster or managed. */
export interface PostgresStoreArgs {
  size: PostgresSize;
  cluster: Pick<Cluster, "provider" | "storageClass">;
  /** Namespace of the in-cluster store. */
  namespace: Namespace;
  /** Issues the certificate of the in-cluster store. */
  authority: Pick<CertificateAuthority, "issue" | "certificate">;
  /** Secret with the keys of `credentialKeys`. */
  credentials: pulumi.Input<string>;
  /** A secret. */
  superuserPassword: pulumi.Output<string>;
  /** Required by the managed store. */
  network: StoreNetwork | undefined;
  region: string;
  /** Region of the copies of backups. */
  backupRegion: string;
}

/** Creates a server as part of the component `postgres`. */
export type PostgresStore = (postgres: Component, args: PostgresStoreArgs) => PostgresServer;
