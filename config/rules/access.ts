import { k3sNetworks } from "../../components/cluster/k3s/networks";
import type { Rule } from "./rule";

const clusterAccess: Rule = ({ settings }) => [
  settings.cluster === "existing" &&
    !settings.kubeconfig && {
      where: "kubeconfig",
      given: "nothing, with cluster: existing",
      allowed: "a path such as ~/.kube/config, or the content of a kubeconfig",
      fix: "set kubeconfig to the cluster to use",
    },
  ...(["kubeconfig", "context", "storageClass"] as const).map(
    (key) =>
      settings.cluster === "aws" &&
      settings[key] !== undefined && {
        where: key,
        given: "a value, with cluster: aws",
        allowed: "nothing: the stack makes the cluster itself",
        fix: `remove ${key}, or set cluster: existing`,
      },
  ),
  settings.cluster === "aws" &&
    !settings.apiAccessCidrs && {
      where: "apiAccessCidrs",
      given: "nothing, with cluster: aws",
      allowed: "a list of 1 to 40 CIDRs such as 203.0.113.7/32",
      fix: "name the networks from which you run pulumi and kubectl; there is no default of 0.0.0.0/0",
    },
];

const cidrs: Rule = ({ settings }) =>
  (settings.apiAccessCidrs ?? []).map((cidr, at) => {
    const [address = "", bits = "0"] = cidr.split("/");
    const sound = address.split(".").every((octet) => Number(octet) <= 255) && Number(bits) >= 8 && Number(bits) <= 32;
    return (
      !sound && {
        where: `apiAccessCidrs[${at}]`,
        given: JSON.stringify(cidr),
        allowed: "a CIDR of /8 to /32, never 0.0.0.0/0",
        fix: "name only the networks from which you run pulumi and kubectl",
      }
    );
  });

/**
 * A node of k3s cannot reach what has an address of its own pods or services. A stack keeps its network from tier to
 * tier, so no tier takes it. Both are a /16 below 10.0.0.0/8, by the schema: they overlap where the second number is the
 * same. EKS has its services outside of these (components/cluster/eks).
 */
const network: Rule = ({ settings }) => {
  const second = (cidr: string) => Number(cidr.split(".")[1]);
  const { cidr } = settings.network;
  const { pods, services } = k3sNetworks;
  return [
    settings.cluster === "aws" &&
      [pods, services].some((taken) => second(taken) === second(cidr)) && {
        where: "network.cidr",
        given: JSON.stringify(cidr),
        allowed: `a /16 below 10.0.0.0/8, but neither ${pods} nor ${services}: k3s has its pods and services there`,
        fix: "choose another, such as 10.20.0.0/16",
      },
  ];
};

const domain: Rule = ({ settings, spec }) => [
  settings.domain !== undefined &&
    settings.hostedZoneId === undefined && {
      where: "hostedZoneId",
      given: `nothing, with domain ${settings.domain}`,
      allowed: "the id of the Route 53 hosted zone that holds the domain",
      fix: "set hostedZoneId, or remove domain",
    },
  settings.hostedZoneId !== undefined &&
    settings.domain === undefined && {
      where: "domain",
      given: `nothing, with hostedZoneId ${settings.hostedZoneId}`,
      allowed: "a domain name of that zone, such as app.example.com",
      fix: "set domain, or remove hostedZoneId",
    },
  // A load balancer's certificate needs a name of one's own; without it the hop from CloudFront would be plain HTTP.
  spec.target.kind === "eks" &&
    settings.domain === undefined && {
      where: "domain",
      given: `nothing, with tier ${settings.tier}`,
      allowed: "a domain name: TLS between CloudFront and the load balancer needs a certificate",
      fix: "set domain and hostedZoneId, or stay on mvp or startup",
    },
];

const regions: Rule = ({ settings, spec }) => [
  spec.postgres.managed.crossRegionBackups &&
    spec.postgres.place === "managed" &&
    settings.backupRegion === settings.region && {
      where: "backupRegion",
      given: settings.backupRegion,
      allowed: "a region other than region",
      fix: "choose another backupRegion",
    },
];

/** Rules of the way in: who reaches the cluster and the edge, by which networks and names. */
export const access: Rule[] = [clusterAccess, cidrs, network, domain, regions];
