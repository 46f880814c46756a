import type * as pulumi from "@pulumi/pulumi";
import type { RedisSize } from "../../../tiers/index";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import type { CertificateAuthority } from "../../pki/certificate-authority";
import type { Component } from "../../support/component";
import type { Removable } from "../../support/data";
import type { Turns } from "../../support/rotation";
import type { StoreNetwork } from "../../support/store";
import type { Watched } from "../../support/watched";

/** A Redis server, in the cluster or on ElastiCache. */
export interface RedisServer {
  host: pulumi.Output<string>;
  /** Returns the host names of every node, by which its certificate names it. */
  nodes(): pulumi.Output<string[]>;
  /** CIDR of a managed server, for the NetworkPolicies of its clients. @default none: the server is in the cluster */
  cidr?: string;
  /** What AWS has metrics of. @default nothing: the server is in the cluster */
  watched?: Watched[];
}

/** Arguments of a store, in the cluster or managed. */
export interface RedisStoreArgs extends Removable {
  size: RedisSize;
  cluster: Pick<Cluster, "provider" | "storageClass">;
  /** Namespace of the in-cluster store. */
  namespace: Namespace;
  /** Namespaces of the clients. */
  clientNamespaces: string[];
  /** Issues the certificate of the in-cluster store. */
  authority: Pick<CertificateAuthority, "issue" | "certificate">;
  /** Passwords that the server accepts; secrets. */
  passwords: Turns<pulumi.Output<string>>;
  /** Priority class of the in-cluster store. @default the cluster's */
  priorityClassName?: pulumi.Input<string>;
  /** KMS key of a managed store. A change replaces the store. @default the key that AWS manages */
  kmsKeyArn?: string | undefined;
  /** Required if the managed store is declared. */
  network: StoreNetwork | undefined;
}

/** Creates a server as a child of the `redis` component. */
export type RedisStore = (redis: Component, args: RedisStoreArgs) => RedisServer;
