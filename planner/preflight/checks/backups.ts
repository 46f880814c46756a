import { backupRegionsOf, regionNames } from "../../../config/regions";
import type { Aws } from "../aws";
import { unansweredBecause } from "../aws";
import { type Check, type Finding, failed, fine, has, unchecked } from "../check";
import type { Needs } from "../needs";

const type = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

/** Whether RDS copies backups of a region to another one, as it says itself. */
async function copies(region: string, to: string, aws: Aws): Promise<boolean> {
  await aws.identity();
  // Asked in the region of the copies, about the region of the database.
  const { SourceRegions = [] } = await aws.rds(to).describeSourceRegions({ RegionName: region });
  const source = SourceRegions.find(({ RegionName }) => RegionName === region);
  return source?.SupportsDBInstanceAutomatedBackupsReplication === true;
}

/** What is known without asking AWS. */
function known(region: string, to: string, reason: string): Finding {
  const pairs = regionNames.some((name) => name === region && backupRegionsOf(name).some((other) => other === to));
  return pairs ? fine(`${region} to ${to}, by the pairs that AWS documents (${reason})`) : unchecked(reason);
}

/** RDS copies backups between the two regions. Without credentials, the documented pairs tell. */
export const backups: Check = {
  name: "backup copies",
  fails: "RDS does not copy between the two regions",
  signedIn: false,
  applies: (needs: Needs) => has(needs, type),
  async run({ plan, region }, { aws }) {
    const to = String(plan.resources.find((resource) => resource.type === type)?.inputs.region);
    try {
      if (await copies(region, to, aws)) return [fine(`${region} to ${to}`)];
    } catch (error) {
      const reason = unansweredBecause(error);
      if (reason === undefined) throw error;
      return [known(region, to, reason)];
    }
    return [
      failed({
        where: "backupRegion",
        given: `${to}, to which RDS does not copy backups of ${region}`,
        allowed: `a region for which aws rds describe-source-regions --region REGION lists ${region}`,
        fix: "choose another backupRegion",
      }),
    ];
  },
};
