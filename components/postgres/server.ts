import type * as pulumi from "@pulumi/pulumi";
import type { Peer } from "./policies";

/** A Postgres to connect to, in the cluster or managed. */
export interface Server {
  /** Host name of the primary; known once it answers. */
  host: pulumi.Output<string>;
  /** Host names of the read replicas; empty where the primary answers readers too. */
  readHosts: pulumi.Output<string>[];
  /** PEM of the authorities that its certificate is checked against. */
  ca: pulumi.Input<string>;
  /** Where it is, for the NetworkPolicies of its clients. */
  peer: Peer;
}
