/** Updates that the engine and the cluster accept, and that the stack itself does not survive. */
import { workloads } from "../../components/postgres/common/network-policies";
import { statsPassword } from "../../components/postgres/pgbouncer/ini";
import type { Inputs } from "./refused-updates";

/** Why the updates of a type are refused; undefined if they are not. */
type Rule = (before: Inputs, after: Inputs, name: string) => string | undefined;

interface PodOwner {
  spec?: { template?: { spec?: { containers?: { name: string; image: string }[] } } };
}

/** Returns the major version of an image of Postgres: 17 of pgvector:0.8.6-pg17-trixie. */
export const postgresMajor = (image: string): string | undefined => /:[^@]*\bpg(\d+)/.exec(image)?.[1];

function serverMajor({ spec }: PodOwner): string | undefined {
  const server = spec?.template?.spec?.containers?.find(({ name }) => name === workloads.server);
  return server && postgresMajor(server.image);
}

/** The data folder belongs to one major version (components/postgres/cluster/initdb.sh refuses any other). */
function otherPostgres(before: PodOwner, after: PodOwner): string | undefined {
  const [from, to] = [serverMajor(before), serverMajor(after)];
  if (from === to || from === undefined || to === undefined) return undefined;
  return (
    `PostgreSQL ${from} -> ${to}: the new server cannot read the data folder, and its pod will not start; dump and ` +
    "restore (docs/upgrading-postgres.md)"
  );
}

const rotationOf = ({ keepers }: { keepers?: { rotation?: string } }) => Number(keepers?.rotation ?? 0);

/** A rotation changes one of two passwords, and pods still use the other (components/support/rotation.ts). */
function otherRotation(before: Inputs, after: Inputs, name: string): string | undefined {
  const [from, to] = [rotationOf(before), rotationOf(after)];
  if (!name.endsWith(`-${statsPassword}`) || to === from || to === from + 1) return undefined;
  return (
    `passwordRotation ${from} -> ${to}: it would change passwords that pods and stores still use; keep ${from}, or set ` +
    `${from + 1} (docs/rotating-secrets.md)`
  );
}

const rules: Record<string, Rule | undefined> = {
  "kubernetes:apps/v1:StatefulSet": otherPostgres,
  "random:index/randomPassword:RandomPassword": otherRotation,
};

/** Returns why an update would break the stack; undefined if it would not. */
export function refusedByStack(
  { type, name }: { type: string; name: string },
  before: Inputs,
  after: Inputs,
): string | undefined {
  return rules[type]?.(before, after, name);
}
