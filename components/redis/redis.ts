import * as pulumi from "@pulumi/pulumi";
import type { RedisPlace } from "../../tiers";
import { Component } from "../support/component";
import { ports } from "../support/names";
import { byTurns, generatedPassword, type Rotated } from "../support/rotation";
import { declaredStores } from "../support/store";
import type { Watched } from "../support/watched";
import { clusterStore } from "./cluster/store";
import type { RedisStore, RedisStoreArgs } from "./common/server";
import { managedStore } from "./managed/store";

export interface RedisArgs extends Omit<RedisStoreArgs, "passwords">, Rotated {
  /** Stores that stay declared after the tier stops using them, so that a move deletes no data. */
  keep: Record<RedisPlace, boolean>;
}

/** The stores by place. */
const stores = { cluster: clusterStore, managed: managedStore } satisfies Record<RedisPlace, RedisStore>;

/**
 * Redis (Valkey) in cluster mode with TLS, in the cluster or on ElastiCache. URL format, client mode and password are
 * the same in both places. The server also accepts the password of the rotation before.
 */
export class Redis extends Component {
  readonly host: pulumi.Output<string>;
  /** Returns the host names of every node. */
  readonly nodes: () => pulumi.Output<string[]>;
  /** `host:port`. */
  readonly address: pulumi.Output<string>;
  /** A secret. */
  readonly password: pulumi.Output<string>;
  /** CIDR of the managed server, also of one that is only kept: its keys move. Undefined without one. */
  readonly cidr: string | undefined;
  /** `rediss://:password@host:port`. A secret. */
  readonly redisUrl: pulumi.Output<string>;
  /** What AWS has metrics of: the nodes of `size.place` on ElastiCache. */
  readonly watched: Watched[];

  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("redis:Redis", name, opts);
    const { size, keep, passwordRotation = 0 } = args;
    const passwords = byTurns(passwordRotation, (suffix, since) => generatedPassword(this, `password${suffix}`, since));
    const { inUse: server, kept } = declaredStores(stores, { inUse: size.place, keep }, (create) =>
      create(this, { ...args, passwords }),
    );
    this.host = server.host;
    this.watched = server.watched ?? [];
    this.nodes = server.nodes;
    // Known once the server accepts it, so that no client has it earlier.
    this.password = pulumi.secret(pulumi.all([passwords.current, this.host]).apply(([password]) => password));
    this.cidr = server.cidr ?? kept.managed?.cidr;
    this.address = pulumi.interpolate`${this.host}:${ports.redis}`;
    this.redisUrl = pulumi.secret(pulumi.interpolate`rediss://:${this.password}@${this.address}`);
    this.registerOutputs({ host: this.host, address: this.address, redisUrl: this.redisUrl });
  }
}
