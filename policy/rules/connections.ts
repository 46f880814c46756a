import { headroomOf, rolloutPods } from "../../tiers/connections";
import { sizes } from "../../tiers/sizes";
import { mapping, type PolicyResource, type StackRule } from "./rule";

const specOf = ({ inputs }: PolicyResource) => mapping(inputs.spec);
const dataOf = ({ inputs }: PolicyResource) => mapping(inputs.data);

/** Connections that one pod may open to a database, over all entries of pgbouncer.ini; undefined where it has none. */
function connectionsOfPod(ini: string): number | undefined {
  const entries = [...ini.matchAll(/\bmax_db_connections=(\d+)/g)].map(([, number]) => Number(number));
  return entries.length === 0 ? undefined : entries.reduce((sum, number) => sum + number, 0);
}

/** `max_connections` of the database that pgbouncer.ini names: in the cluster, or RDS. */
function maxConnections(ini: string, resources: PolicyResource[]): number | undefined {
  if (/\bhost=\S*\.svc\b/.test(ini)) {
    const config = resources.map((resource) => dataOf(resource)["postgresql.conf"]).find((text) => text !== undefined);
    const [, given] = /max_connections = '(\d+)'/.exec(String(config)) ?? [];
    return given === undefined ? undefined : Number(given);
  }
  const primaries = resources.filter(
    ({ type, inputs }) => type === "aws:rds/instance:Instance" && inputs.replicateSourceDb === undefined,
  );
  // Of two, the one in use: a host name begins with the instance's identifier.
  const primary = primaries.find(({ inputs }) => ini.includes(`host=${inputs.identifier}.`)) ?? primaries[0];
  return sizes.database(String(primary?.inputs.instanceClass))?.maxConnections;
}

export const connectionRules: StackRule[] = [
  {
    name: "connection-budget",
    demands:
      "PgBouncer's connections fit the database: pods in a rolling update x pools <= `max_connections` - headroom. The number " +
      "of pods is fixed, so it does not follow the application's autoscaler.",
    checkStack(resources) {
      const config = resources.find((resource) => typeof dataOf(resource)["pgbouncer.ini"] === "string");
      const pooler = resources.find(
        (resource) =>
          resource.type === "kubernetes:apps/v1:Deployment" && mapping(resource.inputs.metadata).name === "pgbouncer",
      );
      if (!config || !pooler) return [];
      const ini = String(dataOf(config)["pgbouncer.ini"]);
      const { replicas } = specOf(pooler);
      const [perPod, most] = [connectionsOfPod(ini), maxConnections(ini, resources)];
      if (perPod === undefined || most === undefined || typeof replicas !== "number") return [];
      const [pods, room] = [rolloutPods(replicas), most - headroomOf(most)];
      if (pods * perPod <= room) return [];
      return [
        {
          where: `${pooler.name} pools`,
          given: `${pods} pods in a rollout x ${perPod} connections`,
          allowed: `at most ${room} of ${most}`,
          fix: "lower pgbouncer.poolSize or pgbouncer.replicas, or choose a larger database",
        },
      ];
    },
  },
];
