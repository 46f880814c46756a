import { z } from "zod";
import type { IamPolicy } from "../components/identity/policy";
import { cronPattern } from "../components/schedules/schedule";
import { jobSeconds, priorities, type Queue, shutdownGraceSeconds } from "../components/workers/queue";
import { capacities } from "../tiers";
import { array, boolean, type FieldInfo, integer, object, oneOf, override, record, string } from "./fields";
import { cidrPattern } from "./networks";
import { container, replicas } from "./overrides";

/** A part of a repository's name: lower case, with single separators. */
const imagePart = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
/** A tag other than `latest` in any case, a digest, or both; the registry may have a port. */
const image = new RegExp(
  `^(?:[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?(?::\\d{1,5})?/)?${imagePart}(?:/${imagePart})*(?=[:@])` +
    "(?::(?![Ll][Aa][Tt][Ee][Ss][Tt]$)\\w[\\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$",
);
const variableNames = {
  pattern: /^[A-Za-z_]\w*$/,
  allowed: "letters, digits and underscores, not starting with a digit",
};

const path = (description: string, otherwise?: string) =>
  string(/^\/[\w./-]*$/, {
    description,
    allowed: "an absolute path such as /healthz",
    ...(otherwise && { default: otherwise }),
  });

const command = (description: string) =>
  array(z.string().min(1), { description, items: "words", min: 1, default: "the image's" }).optional();

/** DNS label: a name that becomes the name of a Kubernetes object, or a part of it. */
export const name = (description: string, max = 40) =>
  string(new RegExp(`^[a-z]([-a-z0-9]{0,${max - 2}}[a-z0-9])?$`), {
    description,
    allowed: `lower-case letters, digits and dashes, 1 to ${max} characters, starting with a letter, not ending with a dash`,
  });

export const containerImage = (info: Pick<FieldInfo, "description" | "default">) =>
  string(image, {
    ...info,
    allowed: "an image in lower case with a tag or a digest, such as ghcr.io/acme/shop:1.4.2, never :latest",
    fix: "name a released version, so that every pod runs the same code",
  });

export const queue = object(
  {
    name: name("Name of the queue and of its worker pool."),
    priority: oneOf(priorities, {
      description: "PriorityClass of its workers. When nodes are full, low priority is evicted first.",
    }).default("normal"),
    concurrency: integer({
      min: 1,
      max: 1000,
      unit: "jobs",
      description: "Jobs that one worker runs at a time (WORKER_CONCURRENCY).",
    }).default(5),
    image: containerImage({ description: "Image of its workers, for arm64.", default: "the application's" }).optional(),
    command: command("Command of the worker's container."),
    ...container("a worker of this queue", "that of every pool"),
    capacity: override(
      oneOf(capacities, {
        description:
          "Capacity that its workers run on. AWS may take a spot node back with two minutes' notice. Where it has no spot capacity, spot is on-demand.",
      }),
      "spot where the tier has spot nodes for workers",
    ),
    maxJobSeconds: override(
      integer({
        min: 1,
        max: jobSeconds["on-demand"].max,
        unit: "seconds",
        description: `Duration of the longest job. A stopping worker gets this and ${shutdownGraceSeconds} seconds more to finish. On spot capacity at most ${jobSeconds.spot.max}.`,
      }),
      `${jobSeconds["on-demand"].byDefault}; ${jobSeconds.spot.byDefault} on spot capacity`,
    ),
    list: string(/^\S{1,200}$/, {
      description: "Redis list whose length is the number of waiting jobs.",
      allowed: "a Redis key of 1 to 200 characters, without white space",
      default: "{name}:name:wait (BullMQ with the prefix {name})",
    }).optional(),
  },
  "A queue and its worker pool.",
) satisfies z.ZodType<Omit<Queue, "maxJobSeconds">>;

const egress = object(
  {
    cidr: string(new RegExp(`^any$|${cidrPattern.source}`), {
      description: "Network to connect to.",
      allowed: "a CIDR such as 203.0.113.0/24, or any",
    }).default("any"),
    ports: array(integer({ min: 1, max: 65535, description: "A port." }), {
      description: "TCP ports, such as 587 for SMTP, 5671 for AMQP or 5432 for a database elsewhere.",
      items: "ports",
      min: 1,
      max: 20,
    }),
  },
  "A network and its ports.",
);

const absolutePath = /^(\/(?!\.{1,2}(\/|$))[\w.-]+)+$/;

const writable = object(
  {
    path: string(absolutePath, { description: "The directory.", allowed: "an absolute path such as /app/.next/cache" }),
    sizeMiB: integer({
      min: 1,
      max: 4096,
      unit: "MiB",
      description: "Size limit. A pod that writes more is evicted.",
    }).default(256),
  },
  "A directory that the containers may write to. It is empty when a pod starts.",
);

const schedule = object(
  {
    name: name("Name of the schedule."),
    schedule: string(cronPattern, {
      description: "When it runs, in UTC.",
      allowed: "five fields of cron (minute, hour, day, month, day of the week), such as 15 3 * * *",
    }),
    command: array(z.string().min(1), { description: "Command of the container.", items: "words", min: 1 }),
    deadlineSeconds: integer({
      min: 1,
      max: 86400,
      unit: "seconds",
      description: "Time after which a run is stopped.",
    }).default(3600),
    ...container("a run", "the application's"),
  },
  "A command that runs at fixed times, with the application's image and environment.",
);

const migrate = object(
  {
    command: array(z.string().min(1), { description: "Command of the container.", items: "words", min: 1 }),
    deadlineSeconds: integer({
      min: 1,
      max: 14400,
      unit: "seconds",
      description: "Time after which the migration has failed.",
    }).default(600),
    ...container("the migration", "the application's"),
  },
  "A command that migrates the database, with the application's image and environment. It runs before a rollout, which it stops if it fails.",
);

// Its form is a rule (config/rules/identity.ts), whose messages name the statement.
const iamPolicy = record({ pattern: /^(Version|Id|Statement)$/, allowed: "Version, Id, Statement" }, z.unknown(), {
  description:
    "What the application, its workers, schedules and migration may do on AWS, without a static key: an IAM policy document (docs/application.md).",
  allowed: "an IAM policy document with Version and Statement",
}) as unknown as z.ZodType<IamPolicy, IamPolicy>;

export const app = object(
  {
    port: integer({
      min: 1024,
      max: 65535,
      description: "Port that the application listens on (PORT). Ports below 1024 need root.",
    }).default(3000),
    healthPath: path("Path that returns 200 when the application can serve.").default("/healthz"),
    livePath: path(
      "Path that returns 200 while the process works, even if the stores do not. A pod that fails it is restarted.",
      "a TCP check of the port",
    ).optional(),
    user: integer({
      min: 1,
      max: 2147483647,
      description: "UID of the containers. It is never 0 (root), and a number, because Kubernetes cannot check a name.",
    }).default(1000),
    command: command("Command of the application's container."),
    environment: record(variableNames, z.string(), {
      description: "Environment variables of the application, its workers, schedules and migration.",
      allowed: "NAME: text for each variable; quote numbers",
    }).default({}),
    secrets: record(variableNames, z.string(), {
      description:
        "Secret environment variables: `npx pulumi config set --secret --path 'tierstack:app.secrets.NAME' -s STACK`.",
      allowed: "NAME: secret text for each variable",
    }).default({}),
    egress: array(egress, {
      description:
        "Networks that the application, its workers, schedules and migration may connect to, besides the stores and every address on ports 80 and 443.",
      items: "networks",
      max: 50,
    }).default([]),
    writable: array(writable, {
      description: "Directories that the application, its workers, schedules and migration may write to, besides /tmp.",
      items: "directories",
      max: 20,
    }).default([]),
    schedules: array(schedule, {
      description: "Scheduled jobs. Two runs of one never overlap.",
      items: "schedules",
      max: 50,
    }).default([]),
    migrate: migrate.optional(),
    iamPolicy: iamPolicy.optional(),
    ...replicas("the application"),
    scaleOnMemory: boolean(
      "Add pods above 80 % memory too. Memory above 35 % then keeps them: only for a runtime that returns memory after a burst, which Node.js does not.",
    ).default(false),
    ...container("an application container"),
  },
  "The application.",
);

export const registry = object(
  {
    server: string(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?(:\d{1,5})?$/, {
      description: "Host of the registry.",
      allowed: "the host that the image names, such as ghcr.io; docker.io for Docker Hub",
    }),
    username: string(/^\S+$/, { description: "User name at the registry.", allowed: "a name without white space" }),
    password: string(/\S/, {
      description:
        "Password or token that may read the image: `npx pulumi config set --secret --path 'tierstack:registry.password' -s STACK`.",
      allowed: "secret text",
    }),
  },
  "Credentials of a private registry. Images in ECR need none: see docs/application.md.",
);
