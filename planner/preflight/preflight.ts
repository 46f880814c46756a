import { unansweredBecause } from "./aws";
import { type Check, type Finding, type Sources, unchecked } from "./check";
import { backups } from "./checks/backups";
import { caa } from "./checks/caa";
import { cloudFront } from "./checks/cloudfront";
import { hostedZone } from "./checks/hosted-zone";
import { images } from "./checks/images";
import { instanceTypes } from "./checks/instance-types";
import { key } from "./checks/key";
import { permissions } from "./checks/permissions";
import { quotas } from "./checks/quotas";
import { versions } from "./checks/versions";
import { zones } from "./checks/zones";
import type { Needs } from "./needs";

/** Every check, in the order in which they are shown. */
export const checks: Check[] = [
  quotas,
  zones,
  instanceTypes,
  ...versions,
  hostedZone,
  caa,
  backups,
  images,
  key,
  cloudFront,
  permissions,
];

/** What a check found. */
export interface Report {
  name: string;
  findings: Finding[];
}

async function findingsOf(check: Check, needs: Needs, sources: Sources): Promise<Finding[]> {
  try {
    if (check.signedIn) await sources.aws.identity();
    return await check.run(needs, sources);
  } catch (error) {
    const reason = unansweredBecause(error);
    if (reason === undefined) throw error;
    return [unchecked(reason)];
  }
}

/** Runs every check that the stack needs, one after the other. A stack without resources on AWS needs none. */
export async function preflight(
  needs: Needs,
  sources: Sources,
  onCheck: (name: string) => void = () => {},
): Promise<Report[]> {
  const reports: Report[] = [];
  for (const check of checks.filter((one) => one.applies(needs))) {
    onCheck(check.name);
    reports.push({ name: check.name, findings: await findingsOf(check, needs, sources) });
  }
  return reports;
}
