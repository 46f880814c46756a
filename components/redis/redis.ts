import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { RedisPlace, RedisSize } from "../../tiers";
import type { Cluster } from "../cluster/cluster";
import type { Namespace } from "../namespaces/namespace";
import type { CertificateAuthority } from "../pki/certificate-authority";
import { Component } from "../support/component";
import type { Removable } from "../support/data";
import { ports } from "../support/names";
import { type StoreNetwork, storeInUse } from "../support/store";
import { clusterStore } from "./cluster/store";
import type { RedisStore } from "./common/server";
import { managedStore } from "./managed/store";

export interface RedisArgs extends Removable {
  size: RedisSize;
  /** Stores that stay declared after the tier stops using them, so that a move deletes no data. */
  keep: Record<RedisPlace, boolean>;
  cluster: Pick<Cluster, "provider" | "storageClass">;
  /** Namespace of the in-cluster store. */
  namespace: Namespace;
  /** Namespaces of the clients. */
  clientNamespaces: string[];
  /** Required if the managed store is declared. */
  network: StoreNetwork | undefined;
  /** Issues the certificate of the in-cluster store. */
  authority: Pick<CertificateAuthority, "issue" | "certificate">;
}

/** The stores by place. */
const stores = { cluster: clusterStore, managed: managedStore } satisfies Record<RedisPlace, RedisStore>;

/**
 * Redis (Valkey) in cluster mode with TLS, in the cluster or on ElastiCache. URL format, client mode and password are
 * the same in both places.
 */
export class Redis extends Component {
  readonly host: pulumi.Output<string>;
  /** `host:port`. */
  readonly address: pulumi.Output<string>;
  /** A secret. */
  readonly password: pulumi.Output<string>;
  /** CIDR of the managed server. Undefined for a server in the cluster. */
  readonly cidr: string | undefined;
  /** `rediss://:password@host:port`. A secret. */
  readonly redisUrl: pulumi.Output<string>;

  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("redis:Redis", name, opts);
    const { size, keep } = args;
    this.password = this.generatePassword();
    const server = storeInUse(stores, { inUse: size.place, keep }, (create) =>
      create(this, { ...args, password: this.password }),
    );
    this.host = server.host;
    this.cidr = server.cidr;
    this.address = pulumi.interpolate`${this.host}:${ports.redis}`;
    this.redisUrl = pulumi.secret(pulumi.interpolate`rediss://:${this.password}@${this.address}`);
    this.registerOutputs({ host: this.host, address: this.address, redisUrl: this.redisUrl });
  }

  private generatePassword(): pulumi.Output<string> {
    const password = new random.RandomPassword(this.named("password"), { length: 32, special: false }, this.child);
    return pulumi.secret(password.result);
  }
}
