import * as pulumi from "@pulumi/pulumi";
import type { HandoverVariables } from "../../../handover/environment";
import type { PostgresPlace } from "../../../tiers";
import { ports, serviceHost } from "../../support/names";
import { folders, managedCaFile } from "../cluster/config";
import type { PostgresServer } from "../common/server";
import { identifiers } from "../common/settings";
import { adminUser, files, folder } from "../pgbouncer/ini";
import { pgbouncerName } from "../pgbouncer/pod";
import { caFiles, caFolder } from "./pod";
import { type HandoverSettings, replicationNodePort } from "./settings";

/** A server, and where it is. */
export interface Side {
  place: PostgresPlace;
  server: Pick<PostgresServer, "host">;
}

export interface EnvironmentArgs {
  settings: HandoverSettings;
  /** The server that the tier leaves, and the one that it leads to. */
  source: Side;
  target: Side;
  /** Namespace of PgBouncer. */
  namespace: string;
  /** Host name that resolves to every pod of PgBouncer. */
  podsHost: pulumi.Input<string>;
}

const url = (address: pulumi.Input<string>, parameters: string): pulumi.Output<string> =>
  pulumi.interpolate`postgres://${identifiers.handoverRole}:$(HANDOVER_PASSWORD)@${address}/${identifiers.database}?${parameters}`;

const verified = (file: string) => `sslmode=verify-full&sslrootcert=${file}`;

/** A server, as the engine reaches it. */
const urlOf = ({ place, server }: Side): pulumi.Output<string> =>
  url(pulumi.interpolate`${server.host}:${ports.postgres}`, verified(`${caFolder}/${caFiles[place]}`));

/** RDS cannot be given authorities: what it reads from is not verified. Security groups fix both ends. */
const encrypted = "sslmode=require";

/** How the server in a place verifies an RDS instance that it reads from. */
const parametersIn: Record<PostgresPlace, string> = {
  cluster: verified(`${folders.config}/${managedCaFile}`),
  managed: encrypted,
};

/** A server, as the other one reaches it. */
const replicationUrl = ({ place, server }: Side, other: Side): pulumi.Output<string> =>
  place === "cluster"
    ? url(`$(NODE_IP):${replicationNodePort}`, encrypted)
    : url(pulumi.interpolate`${server.host}:${ports.postgres}`, parametersIn[other.place]);

/** The variables of the engine, besides what a Secret has. */
export type Environment = Record<Exclude<keyof HandoverVariables, "POOLER_PASSWORD">, pulumi.Input<string>>;

/** Returns the variables of the engine: all of them, whatever default each has. */
export function environmentOf(args: EnvironmentArgs): Environment {
  const { settings, source, target, namespace, podsHost } = args;
  return {
    SOURCE_URL: urlOf(source),
    TARGET_URL: urlOf(target),
    SOURCE_REPLICATION_URL: replicationUrl(source, target),
    TARGET_REPLICATION_URL: replicationUrl(target, source),
    POOLERS: pulumi.interpolate`${podsHost}:${ports.pgbouncer}`,
    POOLER_SERVERNAME: serviceHost(pgbouncerName, namespace),
    POOLER_CA: `${caFolder}/${caFiles.cluster}`,
    POOLER_USER: adminUser,
    SOURCE_CONFIG: `${folder}/${files.ini}`,
    TARGET_CONFIG: `${folder}/${files.next}`,
    FENCED_ROLES: [identifiers.role, identifiers.alternateRole].join(","),
    POOLED_DATABASES: [identifiers.database, identifiers.readDatabase].join(","),
    SESSION_DATABASE: identifiers.sessionDatabase,
    MAX_PAUSE_MS: `${settings.maxPauseMs}`,
    SWITCH: settings.switch,
  };
}
