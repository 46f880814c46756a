import { k3sNetworks } from "../../components/cluster/k3s/networks";
import { vpcCidr } from "../../components/network/subnets";
import { demands, tiersByDomain } from "../../tiers/targets";
import { requiredInfo } from "../fields";
import { hostBitsProblem, isPrivate, overlap, prefixLength, widestPrefix } from "../networks";
import { backupRegionsOf, defaultBackupRegion, fitZonesOf, unfitBecause } from "../regions";
import { createsCluster } from "../resolve";
import { settingsSchema } from "../schema";
import type { Rule } from "./rule";

/** The values that the schema allows for a key, in words. */
const allowedFor = (key: "kubeconfig" | "apiAccessCidrs" | "alertEmail") =>
  requiredInfo(key, settingsSchema.shape[key]).allowed;

const clusterAccess: Rule = ({ settings }) => [
  !createsCluster(settings) &&
    !settings.kubeconfig && {
      where: "kubeconfig",
      given: "nothing, with cluster: existing",
      allowed: allowedFor("kubeconfig"),
      fix: "set kubeconfig to the cluster to use",
    },
  createsCluster(settings) &&
    !settings.apiAccessCidrs && {
      where: "apiAccessCidrs",
      given: "nothing, with cluster: aws",
      allowed: allowedFor("apiAccessCidrs"),
      fix: "name the networks from which you run pulumi and kubectl; there is no default of 0.0.0.0/0",
    },
];

/** Prefix lengths of the networks that may reach the Kubernetes API. */
const prefixLengths = { min: widestPrefix, max: 32 };

const cidrs: Rule = ({ settings }) =>
  (settings.apiAccessCidrs ?? []).map((cidr, at) => {
    const where = `apiAccessCidrs[${at}]`;
    const { min, max } = prefixLengths;
    if (settings.apiAccessCidrs?.indexOf(cidr) !== at)
      return { where, given: `${JSON.stringify(cidr)} again`, allowed: "each network once", fix: "remove it" };
    if (prefixLength(cidr) < min)
      return {
        where,
        given: JSON.stringify(cidr),
        allowed: `a CIDR of /${min} to /${max}, never 0.0.0.0/0`,
        fix: "name only the networks from which you run pulumi and kubectl",
      };
    // The API is reached through its public address, so AWS never sees a private one.
    if (isPrivate(cidr))
      return {
        where,
        given: JSON.stringify(cidr),
        allowed: "public networks: the address that the internet sees",
        fix: "name the public address of your network; curl https://checkip.amazonaws.com shows it",
      };
    return hostBitsProblem(where, cidr);
  });

/**
 * A k3s node cannot reach addresses that overlap its own pods or services. A stack keeps its network when it moves, so
 * the rule holds at every tier. EKS has its services outside of 10.0.0.0/8 (components/cluster/eks).
 */
const network: Rule = ({ settings }) => {
  const { cidr } = settings.network;
  const { pods, services } = k3sNetworks;
  return [
    createsCluster(settings) &&
      [pods, services].some((taken) => overlap(taken, cidr)) && {
        where: "network.cidr",
        given: JSON.stringify(cidr),
        allowed: `${vpcCidr.allowed}, except ${pods} and ${services}, which k3s uses for pods and services`,
        fix: "choose another network",
      },
  ];
};

/**
 * A subnet never moves, and Growth needs zones that EKS and CloudFront accept: so the rule holds at every tier.
 */
const zones: Rule = ({ settings }) => {
  const { region, network } = settings;
  const fit = fitZonesOf(region);
  const given: readonly string[] = network.zones ?? [];
  return given.map((zone, at) => {
    const unfit = unfitBecause(zone);
    const repeated = given.indexOf(zone) !== at;
    return (
      createsCluster(settings) &&
      (repeated || !fit.includes(zone)) && {
        where: `network.zones[${at}]`,
        given: JSON.stringify(zone),
        allowed: `three different zones of ${region}: ${fit.join(", ")}`,
        fix: unfit ? `choose another zone: ${unfit}` : "choose another zone",
      }
    );
  });
};

/** A k3s node is in a public subnet, so a NAT gateway would only cost. */
const egress: Rule = ({ settings: { network }, spec }) => [
  network.egress !== undefined &&
    network.egress !== "public" &&
    demands[spec.target.kind].publicNodes && {
      where: "network.egress",
      given: network.egress,
      allowed: "public: the k3s node has a public address",
      fix: "remove it",
    },
];

const domain: Rule = ({ settings, spec }) => [
  createsCluster(settings) &&
    settings.domain !== undefined &&
    settings.hostedZoneId === undefined && {
      where: "hostedZoneId",
      given: `nothing, with domain ${settings.domain}`,
      allowed: "the id of the Route 53 hosted zone that holds the domain",
      fix: "set hostedZoneId, or remove domain",
    },
  createsCluster(settings) &&
    settings.hostedZoneId !== undefined &&
    settings.domain === undefined && {
      where: "domain",
      given: `nothing, with hostedZoneId ${settings.hostedZoneId}`,
      allowed: "a domain name of that zone, such as app.example.com",
      fix: "set domain, or remove hostedZoneId",
    },
  demands[spec.target.kind].domain &&
    settings.domain === undefined && {
      where: "domain",
      given: `nothing, with tier ${settings.tier}`,
      allowed: "a domain name: TLS between CloudFront and the load balancer needs a certificate",
      fix: `set domain and hostedZoneId, or stay on ${tiersByDomain(false).join(" or ")}`,
    },
];

const regions: Rule = ({ settings: { region, backupRegion = defaultBackupRegion(region) }, spec: { postgres } }) => {
  const { place, managed, previous } = postgres;
  const needed = place !== "cluster" && (managed.crossRegionBackups || previous?.crossRegionBackups === true);
  const allowed = `any region except ${region}; RDS copies to ${backupRegionsOf(region).join(", ")}`;
  return [
    needed &&
      backupRegion === region && { where: "backupRegion", given: region, allowed, fix: "choose another backupRegion" },
    needed &&
      backupRegion === undefined && {
        where: "backupRegion",
        given: `nothing, with region ${region}`,
        allowed,
        fix: "set backupRegion: the copies would leave the continent, which is for you to decide",
      },
  ];
};

/** Volumes and stores take keys of their own region only. */
const key: Rule = ({ settings: { region, kmsKeyArn, postgres } }) => {
  const keys: [where: string, arn: string | undefined][] = [
    ["kmsKeyArn", kmsKeyArn],
    ["postgres.kmsKeyArn", postgres.kmsKeyArn],
    ["postgres.previous.kmsKeyArn", postgres.previous?.kmsKeyArn],
  ];
  return keys.map(
    ([where, arn]) =>
      arn !== undefined &&
      arn.split(":")[3] !== region && {
        where,
        given: JSON.stringify(arn),
        allowed: `a key in ${region}`,
        fix: "name a key of that region, or a multi-Region key's replica there",
      },
  );
};

/** What is found is mailed. */
const anomalies: Rule = ({ settings }) => [
  settings.costAnomalies !== undefined &&
    settings.alertEmail === undefined && {
      where: "alertEmail",
      given: `nothing, with costAnomalies ${settings.costAnomalies}`,
      allowed: allowedFor("alertEmail"),
      fix: "set alertEmail, or remove costAnomalies",
    },
];

/** Rules about access: the cluster, its API, networks, domains, regions, keys and who is told of its cost. */
export const access: Rule[] = [clusterAccess, cidrs, network, zones, egress, domain, regions, key, anomalies];
