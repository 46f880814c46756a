import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { K3sState } from "../../components/cluster/k3s/state";
import { Certificates } from "../../components/edge/certificates";
import { Edge, type EdgeArgs, type Origin } from "../../components/edge/edge";
import { Network } from "../../components/network/network";
import type { Zones } from "../../components/network/subnets";
import { PostgresDumps } from "../../components/postgres/dumps/bucket";
import { stackTags } from "../../components/support/tags";
import type { Watched } from "../../components/support/watched";
import type { StackInputs } from "../../config/load";
import { zonesOf } from "../../config/regions";

/** Creates the AWS provider of the stack, with its region and default tags. */
export function awsProvider({ project, stack, settings }: StackInputs): aws.Provider {
  return new aws.Provider("aws", {
    region: settings.region,
    defaultTags: { tags: { ...stackTags({ project, stack }), "managed-by": "pulumi" } },
  });
}

/** The product's domain and its certificates. */
export interface Domain {
  name: string;
  hostedZoneId: string;
  certificates: Certificates;
}

/** Resources that every cluster on AWS needs and that outlive it. */
export interface AwsFoundation {
  network: Network;
  dumps: PostgresDumps;
  /** Undefined without a domain: the product then uses CloudFront's domain name. */
  domain: Domain | undefined;
}

/** Creates the resources that every cluster on AWS needs. */
export function awsFoundation(
  { spec, settings }: StackInputs,
  options: pulumi.ComponentResourceOptions,
): AwsFoundation {
  const { region, domain, hostedZoneId, kmsKeyArn, allowDestroy: removable } = settings;
  const { cidr } = settings.network;
  // The schema asks for three.
  const zones = (settings.network.zones as Zones | undefined) ?? zonesOf(region);
  return {
    network: new Network("network", { cidr, zones, region, size: spec.network }, options),
    dumps: new PostgresDumps("postgres-dumps", { removable, kmsKeyArn }, options),
    // The rules require both keys or neither (config/rules/access.ts).
    domain:
      domain && hostedZoneId
        ? {
            name: domain,
            hostedZoneId,
            certificates: new Certificates("certificates", { domain, hostedZoneId }, options),
          }
        : undefined,
  };
}

/** Creates what outlives a k3s node: its data volume and its certificate authorities. */
export function nodeState(
  { project, stack, spec, settings }: StackInputs,
  { zones: [zone] }: Network,
  options: pulumi.ComponentResourceOptions,
): K3sState {
  const { dataVolumeGiB } = spec;
  const { allowDestroy: removable, kmsKeyArn } = settings;
  const path = `/${project}/${stack}/k3s`;
  return new K3sState("node-state", { dataVolumeGiB, zone, path, removable, kmsKeyArn }, options);
}

/** Creates CloudFront in front of the application. The component has the product's URL. */
export function awsEdge(
  { spec, settings }: StackInputs,
  domain: Domain | undefined,
  origin: Origin,
  options: pulumi.ComponentResourceOptions,
): Edge {
  const args: EdgeArgs = {
    origin,
    waf: spec.edge.waf,
    requestLog: spec.logs.requests,
    maintenance: settings.maintenance,
    healthPath: settings.app.healthPath,
    domain: domain && {
      name: domain.name,
      hostedZoneId: domain.hostedZoneId,
      certificateArn: domain.certificates.viewerArn,
    },
  };
  return new Edge("edge", args, options);
}

/** What AWS has metrics of, from the edge to the nodes. */
export const watchedOf = ({ domain, network }: AwsFoundation, ...parts: { watched: Watched[] }[]): Watched[] => [
  ...parts.flatMap(({ watched }) => watched),
  ...(domain?.certificates.watched ?? []),
  ...network.watched,
];
