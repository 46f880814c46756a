import { type Check, demand, type Finding, mapping, mappings, onTypes, type ResourceRule } from "./rule";

const fromTheFirst = "encrypt it from the first deploy: a later change replaces it";

/** A type with a property that must be true. */
const encryptedBy =
  (property: string): Check =>
  (inputs) =>
    demand(property, inputs[property], true, fromTheFirst);

/** A domain of OpenSearch, also by the name it had. */
const searchAtRest: Check = ({ encryptAtRest }) =>
  typeof encryptAtRest === "symbol"
    ? []
    : demand("encryptAtRest.enabled", mapping(encryptAtRest).enabled, true, fromTheFirst);

const atRest: Record<string, Check> = {
  "aws:rds/instance:Instance": encryptedBy("storageEncrypted"),
  "aws:rds/cluster:Cluster": encryptedBy("storageEncrypted"),
  "aws:docdb/cluster:Cluster": encryptedBy("storageEncrypted"),
  "aws:neptune/cluster:Cluster": encryptedBy("storageEncrypted"),
  "aws:redshift/cluster:Cluster": encryptedBy("encrypted"),
  "aws:efs/fileSystem:FileSystem": encryptedBy("encrypted"),
  "aws:opensearch/domain:Domain": searchAtRest,
  "aws:elasticsearch/domain:Domain": searchAtRest,
  "aws:elasticache/replicationGroup:ReplicationGroup": encryptedBy("atRestEncryptionEnabled"),
  "aws:ebs/volume:Volume": encryptedBy("encrypted"),
  "aws:ec2/launchTemplate:LaunchTemplate": ({ blockDeviceMappings }) =>
    mappings(blockDeviceMappings).flatMap(({ ebs }, at) =>
      demand(`blockDeviceMappings[${at}].ebs.encrypted`, mapping(ebs).encrypted, true, "encrypt the node's disk"),
    ),
  "aws:eks/cluster:Cluster": ({ encryptionConfig }) =>
    encryptionConfig === undefined
      ? [{ where: "encryptionConfig", given: "nothing", allowed: "a key for secrets", fix: "name a KMS key" }]
      : [],
};

const oneOf = (where: string, given: unknown, allowed: string[], fix: string): Finding[] =>
  allowed.includes(given as string) || typeof given === "symbol"
    ? []
    : [{ where, given: given === undefined ? "nothing" : String(given), allowed: allowed.join(", "), fix }];

/** Let's Encrypt asks for its challenge over plain HTTP. */
const challenge = "/.well-known/acme-challenge/";

function distribution({ defaultCacheBehavior, orderedCacheBehaviors }: Record<string, unknown>): Finding[] {
  const behaviours: [string, unknown][] = [
    ["defaultCacheBehavior", defaultCacheBehavior],
    ...mappings(orderedCacheBehaviors).map((one, at): [string, unknown] => [`orderedCacheBehaviors[${at}]`, one]),
  ];
  const others = behaviours.filter(([, one]) => !String(mapping(one).pathPattern).startsWith(challenge));
  return others.flatMap(([where, behaviour]) =>
    oneOf(
      `${where}.viewerProtocolPolicy`,
      mapping(behaviour).viewerProtocolPolicy,
      ["redirect-to-https", "https-only"],
      "redirect visitors to HTTPS",
    ),
  );
}

function forcesSsl({ family, parameters }: Record<string, unknown>): Finding[] {
  if (!String(family).startsWith("postgres") || !Array.isArray(parameters)) return [];
  const given = mappings(parameters).find(({ name }) => name === "rds.force_ssl")?.value;
  return demand("parameters rds.force_ssl", given, "1", "set it, so that the server accepts TLS alone");
}

const listener: Check = ({ protocol }) => oneOf("protocol", protocol, ["HTTPS", "TLS"], "listen with a certificate");

const inTransit: Record<string, Check> = {
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ transitEncryptionEnabled }) =>
    demand("transitEncryptionEnabled", transitEncryptionEnabled, true, "turn it on"),
  "aws:rds/parameterGroup:ParameterGroup": forcesSsl,
  "aws:lb/listener:Listener": listener,
  "aws:alb/listener:Listener": listener,
  "aws:cloudfront/distribution:Distribution": distribution,
  "aws:ec2/launchTemplate:LaunchTemplate": ({ metadataOptions }) =>
    demand("metadataOptions.httpTokens", mapping(metadataOptions).httpTokens, "required", "demand IMDSv2"),
};

export const encryptionRules: ResourceRule[] = [
  {
    name: "encrypted-at-rest",
    demands: "Databases, caches, volumes, file systems, disks of nodes and the secrets of Kubernetes are encrypted.",
    ...onTypes(atRest),
  },
  {
    name: "encrypted-in-transit",
    demands:
      "Visitors, load balancers, RDS and ElastiCache use TLS, and nodes demand IMDSv2. Without a domain, CloudFront calls a " +
      "k3s node over HTTP: the plan names this exception.",
    ...onTypes(inTransit),
  },
];
