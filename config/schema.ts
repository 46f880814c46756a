import { z } from "zod";
import { tierNames } from "../tiers";
import { tiersByDomain } from "../tiers/targets";
import { array, boolean, integer, oneOf, override, string } from "./fields";
import { cidrPattern } from "./networks";
import { overrides } from "./overrides";
import { defaultBackupRegion, regionNames } from "./regions";
import { app, containerImage, name, queue, registry } from "./schema-app";
import { handover } from "./schema-handover";
import { emailPattern } from "./schema-observability";
import { kmsKey } from "./schema-postgres";

const withoutBackupDefault = regionNames.filter((region) => !defaultBackupRegion(region));

/** Every configuration key of the project, in the order in which Pulumi.yaml and the documentation show them. */
export const settingsSchema = z.strictObject({
  tier: oneOf(tierNames, {
    description: "Size of the product. Move one tier at a time.",
  }).default("mvp"),
  cluster: oneOf(["aws", "existing"], {
    description: "Where the product runs: on AWS, or on a cluster that already exists.",
  }).default("aws"),
  kubeconfig: string(/\S/, {
    description: "Path of a kubeconfig file, or its content. Required with `cluster: existing`.",
    allowed: "a path such as ~/.kube/config, or the content of a kubeconfig",
  }).optional(),
  context: string(/\S/, {
    description: "Context of the kubeconfig.",
    allowed: "the name of a context",
    default: "its current context",
  }).optional(),
  storageClass: string(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/, {
    description:
      "StorageClass of the in-cluster volumes on an existing cluster. Do not change it after the first deploy.",
    allowed: "the name of a StorageClass",
    default: "the cluster's default class",
  }).optional(),
  namespacePrefix: name(
    "Prefix of the namespaces, such as `shop` for `shop-app`: two stacks in one cluster need different ones. Do not " +
      "change it after the first deploy.",
    20,
  ).optional(),
  kedaNamespace: override(
    name(
      "Namespace of a KEDA that runs in an existing cluster already. The stack then installs none: a cluster can have one only.",
      63,
    ),
    "the stack installs KEDA at the tiers that use it",
  ),
  adopt: boolean(
    "Take over objects that exist in the cluster already, such as those that a destroyed stack left. Without it they are errors. Only on an existing cluster.",
  ).default(false),
  region: oneOf(regionNames, {
    description: "AWS region. Choose it once: the data does not move with it.",
  }).default("us-east-1"),
  backupRegion: oneOf(regionNames, {
    description: "Second region, for copies of the backups (postgres.crossRegionBackups).",
    default: `another one on the continent (config/regions.ts); ${withoutBackupDefault.join(" and ")} have none`,
  }).optional(),
  kmsKeyArn: kmsKey({
    description:
      "KMS key of yours that encrypts what holds data. Choose it before the first deploy: another key would replace the stores (docs/adr/0017-encryption-keys.md).",
    default: "keys that AWS manages",
  }).optional(),
  permissionsBoundary: string(/^arn:aws:iam::\d{12}:policy\/[\w+=,.@/-]{1,512}$/, {
    description:
      "IAM policy that bounds every role of the stack, whatever the role's own policies allow (docs/deploy-role.md). A change takes effect in place.",
    allowed: "the ARN of a policy, such as arn:aws:iam::123456789012:policy/shop-production-boundary",
    default: "no boundary",
  }).optional(),
  domain: string(/^(?=.{4,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
    description: `Domain name of the product. Required at ${tiersByDomain(true).join(" and ")}.`,
    allowed: "a domain name such as app.example.com",
    default: "CloudFront's own name",
  }).optional(),
  hostedZoneId: string(/^Z[A-Z0-9]{5,31}$/, {
    description: "Route 53 hosted zone of the domain. Required with a domain.",
    allowed: "the id of a hosted zone such as Z0123456789ABCDEFGHIJ",
  }).optional(),
  apiAccessCidrs: array(
    string(cidrPattern, { description: "A network.", allowed: "a CIDR such as 203.0.113.7/32, never 0.0.0.0/0" }),
    {
      description: "Public networks that may reach the Kubernetes API. Required with `cluster: aws`.",
      items: "CIDRs such as 203.0.113.7/32",
      min: 1,
      max: 40,
    },
  ).optional(),
  alertEmail: string(emailPattern, {
    description:
      "Email address that gets a mail when something is wrong: from AWS (docs/alarms.md), and from Alertmanager with `observability.mail` (docs/observability.md). It is also the address of the ACME account with which a k3s node gets the certificate of its domain.",
    allowed: "an email address",
    default: "nobody is told",
  }).optional(),
  costAnomalies: string(/^(new|arn:aws:ce::\d{12}:anomalymonitor\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/, {
    description:
      "Monitor of cost anomalies whose findings are mailed to alertEmail. An account has one for its services (docs/alarms.md#anomalies).",
    allowed: "the ARN of the account's monitor, or new where it has none",
    default: "anomalies are not mailed",
  }).optional(),
  image: containerImage({
    description:
      "Container image of the application and its workers. The nodes on AWS are arm64: build it for linux/arm64.",
  }),
  registry: registry.optional(),
  app: app.prefault({}),
  queues: array(queue, { description: "Queues, each with its own worker pool.", items: "queues", max: 200 }).default(
    [],
  ),
  budgetUsd: override(
    integer({
      min: 1,
      max: 1_000_000,
      unit: "USD",
      description: "What the stack may cost a month. The plan compares its estimate with it.",
    }),
    "the tier's budget",
  ),
  accountBudgetUsd: override(
    integer({
      min: 0,
      max: 1_000_000,
      unit: "USD",
      description:
        "What the account may cost a month, for the mails of AWS Budgets alone (docs/alarms.md#budget): set it where stacks share an account. 0 for no budget.",
    }),
    "budgetUsd, or else what the tier accepts",
  ),
  maintenance: boolean("Return 503 with a page and Retry-After for everything but health checks.").default(false),
  handover: handover.optional(),
  allowDestroy: boolean(
    "Lift the protection of data. What then leaves the program is deleted, with a final snapshot: `pulumi destroy`, or a " +
      "`keep` set to false.",
  ).default(false),
  passwordRotation: integer({
    min: 0,
    max: 1000000,
    description:
      "Number of the password rotation. Raise it by one to change every generated password (docs/rotating-secrets.md).",
  }).default(0),
  ...overrides,
});

/** Settings as the program uses them: validated, defaults filled in. */
export type Settings = z.output<typeof settingsSchema>;
/** Settings as a stack file spells them. */
export type SettingsInput = z.input<typeof settingsSchema>;
