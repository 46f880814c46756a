import { versions } from "../../../versions";

/** A version of RDS for PostgreSQL, with the family of its parameter groups. */
interface EngineVersion {
  engineVersion: string;
  family: string;
}

const all: readonly EngineVersion[] = [versions.rds, versions.rdsNext];
const majorOf = (version: EngineVersion) => Number.parseInt(version.engineVersion, 10);
const majors = all.map(majorOf);

/** The major versions that a database can have. The least is the default. */
export const leastMajorVersion = Math.min(...majors);
export const largestMajorVersion = Math.max(...majors);

/** Returns the version that versions.ts pins for a major one. Throws an error for one that it does not have. */
export function engineVersionOf(major: number = leastMajorVersion): EngineVersion {
  const found = all.find((version) => majorOf(version) === major);
  if (!found) throw new RangeError(`versions.ts has no PostgreSQL ${major} of RDS`);
  return found;
}
