import { z } from "zod";
import { tierNames } from "../tiers";
import { array, boolean, integer, object, oneOf, record, string } from "./fields";
import { container, overrides, replicas } from "./overrides";
import { regionNames } from "./regions";

const cidr = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/;
/** DNS label: names that become Kubernetes object names. */
const label = /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/;
const queue = object(
  {
    name: string(label, {
      description: "Name of the queue and of its worker pool.",
      allowed: "lower-case letters, digits and dashes, 1 to 40 characters, starting with a letter",
    }),
    priority: oneOf(["high", "normal", "low"], {
      description: "PriorityClass of its workers: who is evicted first when nodes are full.",
      default: "normal",
    }).default("normal"),
    concurrency: integer({
      min: 1,
      max: 1000,
      unit: "jobs",
      description: "Jobs one worker takes at a time (WORKER_CONCURRENCY).",
      default: "5",
    }).default(5),
    command: array(z.string().min(1), {
      description: "Command of the worker's container; the image's own where absent.",
      allowed: "a list of words",
      min: 1,
      default: "the image's",
    }).optional(),
    maxJobSeconds: integer({
      min: 1,
      max: 3600,
      unit: "seconds",
      description: "Longest job; a worker that is stopped gets this and 30 seconds more to finish.",
      default: "300",
    }).default(300),
    list: string(/^\S{1,200}$/, {
      description: "Redis list whose length is the number of waiting jobs.",
      allowed: "a Redis key without white space",
      default: "{name}:name:wait (BullMQ with the prefix {name})",
    }).optional(),
  },
  { description: "A queue and its worker pool." },
);

/** Every configuration key of the project, in the order in which Pulumi.yaml and the documentation show them. */
export const settingsSchema = z.strictObject({
  tier: oneOf(tierNames, {
    description: "Size of the product. Moves go one tier at a time.",
    fix: "set tierstack:tier to one of the tiers",
    default: "mvp",
  }).default("mvp"),
  cluster: oneOf(["aws", "existing"], {
    description: "Where the product runs: on AWS as the tier says, or on a cluster that exists already.",
    default: "aws",
  }).default("aws"),
  kubeconfig: string(/\S/, {
    description: "Path of a kubeconfig file, or its content. Required with `cluster: existing`.",
    allowed: "a path such as ~/.kube/config, or the content of a kubeconfig",
    default: "none",
  }).optional(),
  context: string(/\S/, {
    description: "Context of the kubeconfig.",
    allowed: "the name of a context",
    default: "its current context",
  }).optional(),
  storageClass: string(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/, {
    description: "StorageClass of the in-cluster volumes on an existing cluster. Never change it once data is there.",
    allowed: "the name of a StorageClass",
    default: "the cluster's default class",
  }).optional(),
  region: oneOf(regionNames, {
    description: "AWS region. Data does not move with it: choose once.",
    default: "us-east-1",
  }).default("us-east-1"),
  backupRegion: oneOf(regionNames, {
    description: "Second region, for the copies of backups (Scale).",
    default: "us-west-2",
  }).default("us-west-2"),
  domain: string(/^(?=.{4,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
    description: "Name under which the product is reached. Required from Growth on.",
    allowed: "a domain name such as app.example.com",
    default: "CloudFront's own name",
  }).optional(),
  hostedZoneId: string(/^Z[A-Z0-9]{5,31}$/, {
    description: "Route 53 hosted zone of the domain. Required with a domain.",
    allowed: "the id of a hosted zone such as Z0123456789ABCDEFGHIJ",
    default: "none",
  }).optional(),
  apiAccessCidrs: array(
    string(cidr, { description: "A network.", allowed: "a CIDR such as 203.0.113.7/32, never 0.0.0.0/0" }),
    {
      description: "Networks that may reach the Kubernetes API. Required where a cluster is made.",
      allowed: "a list of 1 to 40 CIDRs such as 203.0.113.7/32",
      min: 1,
      max: 40,
      default: "none",
    },
  ).optional(),
  alertEmail: string(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, {
    description: "Address for alarms and for the certificate authority of a node with a domain.",
    allowed: "a mail address",
    default: "none",
  }).optional(),
  image: string(/^[\w./-]+(:\d+)?[\w./-]*(:(?!latest$)[\w][\w.-]{0,127})?(@sha256:[a-f0-9]{64})?$/, {
    description: "Container image of the application and its workers.",
    allowed: "an image with a tag or a digest, such as ghcr.io/acme/shop:1.4.2, never :latest",
    fix: "name a released version, so that every pod runs the same program",
    default: "none",
  }),
  app: object(
    {
      port: integer({
        min: 1024,
        max: 65535,
        description: "Port on which the application listens (PORT). Below 1024 needs root.",
        default: "3000",
      }).default(3000),
      healthPath: string(/^\/[\w./-]*$/, {
        description: "Path that answers 200 when the application can serve.",
        allowed: "an absolute path such as /healthz",
        default: "/healthz",
      }).default("/healthz"),
      user: integer({
        min: 1,
        max: 2147483647,
        description: "UID of the containers: nothing runs as root, and an image's user name would not prove it.",
        default: "1000",
      }).default(1000),
      command: array(z.string().min(1), {
        description: "Command of the application's container.",
        allowed: "a list of words",
        min: 1,
        default: "the image's",
      }).optional(),
      environment: record(/^[A-Za-z_]\w*$/, z.string(), {
        description: "Environment variables, for workers too.",
        allowed: "NAME: text, one a variable; a number is written in quotes",
        default: "none",
      }).default({}),
      secrets: record(/^[A-Za-z_]\w*$/, z.string(), {
        description: "Secret environment variables: `pulumi config set --secret --path 'tierstack:app.secrets.NAME'`.",
        allowed: "NAME: secret text, one a variable",
        default: "none",
      }).default({}),
      ...replicas("the application"),
      ...container("an application container"),
    },
    { description: "The application.", default: "see its keys" },
  ).prefault({}),
  queues: array(queue, {
    description: "Queues, each with a worker pool of its own.",
    allowed: "a list of at most 200 queues",
    max: 200,
    default: "none",
  }).default([]),
  maintenance: boolean("Answer 503 with a page and Retry-After to everything but health checks.", "false").default(
    false,
  ),
  ...overrides,
});

/** Settings as the program uses them: validated, defaults filled in. */
export type Settings = z.output<typeof settingsSchema>;
export type Queue = Settings["queues"][number];
/** Settings as a stack file spells them. */
export type SettingsInput = z.input<typeof settingsSchema>;
