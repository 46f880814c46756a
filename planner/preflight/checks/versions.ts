import type { Aws } from "../aws";
import { type Check, type Finding, failed, fine, has } from "../check";
import type { Needs } from "../needs";

const cluster = "aws:eks/cluster:Cluster";
const instance = "aws:rds/instance:Instance";
const replicationGroup = "aws:elasticache/replicationGroup:ReplicationGroup";

const upgrade = "upgrade tierstack: versions.ts pins the version";

/** Inputs of a type, each combination of the named ones once. */
function inputsOf({ plan }: Needs, type: string, keys: string[]): Record<string, string>[] {
  const values = plan.resources
    .filter((resource) => resource.type === type)
    .map(({ inputs }) => JSON.stringify(Object.fromEntries(keys.map((key) => [key, inputs[key]]))));
  return [...new Set(values)].map((text) => JSON.parse(text) as Record<string, string>);
}

async function eks(needs: Needs, aws: Aws): Promise<Finding[]> {
  return Promise.all(
    inputsOf(needs, cluster, ["version"]).map(async ({ version = "" }) => {
      const { clusterVersions = [] } = await aws.eks().describeClusterVersions({ clusterVersions: [version] });
      const status = clusterVersions[0]?.versionStatus;
      if (status === "STANDARD_SUPPORT") return fine(`EKS ${version}`);
      return failed({
        where: "EKS version",
        given: `${version}, ${status ? `with the status ${status}` : "which is not offered"}`,
        allowed: "a version in standard support",
        fix: upgrade,
      });
    }),
  );
}

async function rds(needs: Needs, aws: Aws): Promise<Finding[]> {
  return Promise.all(
    inputsOf(needs, instance, ["engineVersion", "instanceClass"]).map(
      async ({ engineVersion = "", instanceClass = "" }) => {
        const { OrderableDBInstanceOptions = [] } = await aws.rds().describeOrderableDBInstanceOptions({
          Engine: "postgres",
          EngineVersion: engineVersion,
          DBInstanceClass: instanceClass,
          Vpc: true,
        });
        if (OrderableDBInstanceOptions.length > 0)
          return fine(`RDS for PostgreSQL ${engineVersion} on ${instanceClass}`);
        return failed({
          where: "postgres.instanceClass",
          given: `${instanceClass} with PostgreSQL ${engineVersion}, which ${aws.region} does not offer`,
          allowed: "a class that the region offers for this version",
          fix: `set another postgres.instanceClass, or ${upgrade}`,
        });
      },
    ),
  );
}

async function elastiCache(needs: Needs, aws: Aws): Promise<Finding[]> {
  return Promise.all(
    inputsOf(needs, replicationGroup, ["engine", "engineVersion"]).map(async ({ engine = "", engineVersion = "" }) => {
      const { CacheEngineVersions = [] } = await aws
        .elastiCache()
        .describeCacheEngineVersions({ Engine: engine, EngineVersion: engineVersion });
      if (CacheEngineVersions.length > 0) return fine(`ElastiCache ${engine} ${engineVersion}`);
      return failed({
        where: "ElastiCache version",
        given: `${engine} ${engineVersion}, which ${aws.region} does not offer`,
        allowed: "a version that the region offers",
        fix: upgrade,
      });
    }),
  );
}

interface Filter {
  name: string;
  values: string[];
}

const imagesOf = ({ plan }: Needs) => plan.lookUps.filter(({ token }) => token === "aws:ec2/getAmi:getAmi");

async function images(needs: Needs, aws: Aws): Promise<Finding[]> {
  return Promise.all(
    imagesOf(needs).map(async ({ arguments: { owners, filters, includeDeprecated } }) => {
      const { Images = [] } = await aws.ec2().describeImages({
        Owners: owners as string[],
        Filters: (filters as Filter[]).map(({ name, values }) => ({ Name: name, Values: values })),
        IncludeDeprecated: includeDeprecated === true,
      });
      const name = (filters as Filter[]).flatMap(({ values }) => values).join(", ");
      if (Images.length > 0) return fine(name);
      return failed({
        where: "machine image",
        given: `${name}, which ${aws.region} does not offer`,
        allowed: "an image that the region offers",
        fix: upgrade,
      });
    }),
  );
}

const check = (
  name: string,
  fails: string,
  applies: Check["applies"],
  run: (needs: Needs, aws: Aws) => Promise<Finding[]>,
): Check => ({
  name,
  fails,
  signedIn: true,
  applies,
  run: (needs, { aws }) => run(needs, aws),
});

/** AWS offers what the stack pins: each an own check, because each asks another service. */
export const versions: Check[] = [
  check(
    "EKS version",
    "AWS does not offer the pinned version in standard support",
    (needs) => has(needs, cluster),
    eks,
  ),
  check(
    "RDS version and class",
    "the region does not offer the class with the pinned version",
    (needs) => has(needs, instance),
    rds,
  ),
  check(
    "ElastiCache version",
    "the region does not offer the pinned version",
    (needs) => has(needs, replicationGroup),
    elastiCache,
  ),
  check("machine image", "the region does not offer the pinned image", (needs) => imagesOf(needs).length > 0, images),
];
