import * as pulumi from "@pulumi/pulumi";
import { formatProblem } from "../../tiers/problem";
import type { Component } from "./component";

/** The VPC in which managed stores are created. */
export interface StoreNetwork {
  vpcId: pulumi.Input<string>;
  /** CIDR of the VPC, such as 10.20.0.0/16. */
  cidr: string;
  /** One per zone. */
  privateSubnetIds: pulumi.Input<string>[];
  /** Names of the availability zones of the subnets, in the same order. */
  zones: readonly pulumi.Input<string>[];
  /** The cluster whose nodes and pods may connect. */
  clients: {
    /** Name of the security group rule. While a cluster is replaced, the old and the new one have a rule each. */
    name: string;
    securityGroupId: pulumi.Input<string>;
  };
}

/** Creates the store in use and those that are only retained. */
export function declaredStores<Place extends string, Store, Server>(
  stores: Record<Place, Store>,
  { inUse, keep }: { inUse: Place; keep: Record<Place, boolean> },
  create: (store: Store) => Server,
): { inUse: Server; kept: Partial<Record<Place, Server>> } {
  const kept: Partial<Record<Place, Server>> = {};
  for (const place of Object.keys(stores) as Place[])
    if (place !== inUse && keep[place]) kept[place] = create(stores[place]);
  return { inUse: create(stores[inUse]), kept };
}

/** Returns the network of a managed store. Throws a ResourceError if there is none. */
export function requireNetwork(store: Component, network: StoreNetwork | undefined): StoreNetwork {
  if (network) return network;
  const problem = {
    where: `${store.componentName}.network`,
    given: "nothing",
    allowed: "a VPC and the security group of the cluster: the managed store is created there",
    fix: "pass network, or use the in-cluster store",
  };
  throw new pulumi.ResourceError(formatProblem(problem), store);
}
