import type * as pulumi from "@pulumi/pulumi";
import { K3sState } from "../components/cluster/k3s/state";
import { Certificates } from "../components/edge/certificates";
import { Network } from "../components/network/network";
import { PostgresDumps } from "../components/postgres/dumps";
import type { Loaded } from "../config/load";
import { zonesOf } from "../config/regions";

/** What stands on AWS whatever runs on it: the network, and what must outlive a node. */
export interface Foundation {
  network: Network;
  nodeState: K3sState | undefined;
  dumps: PostgresDumps;
  certificates: Certificates | undefined;
}

/** Makes it. */
export function foundationOf(
  { spec, settings, project, stack }: Loaded,
  options: pulumi.ComponentResourceOptions,
): Foundation {
  const { region, domain, hostedZoneId } = settings;
  const zones = zonesOf(region);
  const network = new Network("network", { cidr: settings.network.cidr, zones, region, size: spec.network }, options);
  const { cluster, keep } = spec;
  return {
    network,
    dumps: new PostgresDumps("postgres-dumps", options),
    nodeState:
      cluster.kind === "k3s" || keep.nodeState
        ? new K3sState(
            "node-state",
            { dataVolumeGiB: spec.dataVolumeGiB, zone: zones[0] as string, path: `/${project}/${stack}/k3s` },
            options,
          )
        : undefined,
    certificates:
      domain && hostedZoneId
        ? new Certificates("certificates", { domain, hostedZoneId, region, regional: cluster.kind === "eks" }, options)
        : undefined,
  };
}
