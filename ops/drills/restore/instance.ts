/** The instance of RDS that a drill restores a backup into, beside the one in use. */
import { randomUUID } from "node:crypto";
import type { Database } from "../../account/databases";
import { services } from "../../account/managed-stores";
import { machineClock } from "../../clock";
import { spelled } from "../../duration";
import { Failure } from "../../failure";
import type { World } from "../../world";
import { always, unlessEnding } from "../always";
import type { Looking } from "../drill";
import { rdsRestorePrediction } from "../expectations";
import { pace, watched } from "./watch";

/** End of the name, by which rights can be given for such instances alone. */
export const suffix = "-drill";

/** The longest DBInstanceIdentifier (CreateDBInstance). */
const longestName = 63;

/** Tag of the instances that drills make. Its value is another one for each run. */
const drillTag = "tierstack-drill";

/**
 * Seconds until a restore has to be done, then the drill gives up; until its instance has to take its deletion; and until RDS shows one
 * that it has accepted.
 */
export const limits = { restore: 3 * rdsRestorePrediction.rtoSeconds, remove: 15 * 60, show: 2 * 60 };

/** Name of the instance that a drill restores a database into. RDS takes no two hyphens in a row. */
export const drillNameOf = (name: string): string =>
  `${name.slice(0, longestName - suffix.length).replace(/-+$/, "")}${suffix}`;

const deletion = (name: string) =>
  `aws rds delete-db-instance --db-instance-identifier ${name} --skip-final-snapshot --delete-automated-backups`;

/** Throws a Failure where there is such an instance already: of a drill that was killed or goes on, or somebody's own. */
export async function expectNoInstance({ account }: World, name: string): Promise<void> {
  const found = await account.databases.find(name);
  if (found === undefined) return;
  const [given, fix] =
    found.status === "deleting"
      ? ["one that is being deleted", "wait until it is gone"]
      : found.tags[drillTag] === undefined
        ? [`one that no drill has made (${found.status})`, "give it another name, or delete it"]
        : [`one of a drill that goes on, or was killed (${found.status})`, `${deletion(name)}, if no drill goes on`];
  throw new Failure({ where: `${services.postgres} ${name}`, given, allowed: "none", fix });
}

/**
 * Throws a Failure where the rights do not allow to delete the instance of a drill. AWS checks rights before it looks whether there is one,
 * so that this can be asked before there is.
 */
export async function expectMayDelete(world: World, name: string): Promise<void> {
  // Another drill may have made its own since this one has looked.
  await expectNoInstance(world, name);
  const reason = await world.account.databases.mayRemove(name);
  if (reason === undefined) return;
  throw new Failure({
    where: `${services.postgres} ${name}`,
    given: `no right to delete it once the drill has made it (${reason})`,
    allowed: "a role with rds:DeleteDBInstance, which the guard of the role that deploys denies",
    fix: "run the drill with a role of its own (docs/deploy-role.md#role-that-practises-the-restore)",
  });
}

/** Whether an instance serves; RDS optimizes its storage meanwhile. */
export const serves = ({ status }: Database) => status === "available" || status === "storage-optimization";

/** Statuses that a restore does not leave by itself (RDS User Guide, "Viewing Amazon RDS DB instance status"). */
const hopeless =
  /^(failed|restore-error|deleting|stopped|storage-full|insufficient-capacity|inaccessible-encryption-credentials.*|incompatible-.*)$/;

/** An instance that a run of a drill has asked for. */
interface Own {
  name: string;
  /** Value of its tag. */
  run: string;
  /** Whether RDS has said that it makes it. Where the answer was lost, it may have been made all the same. */
  accepted: boolean;
  /** Whether RDS has shown it. */
  shown: boolean;
}

/** Waits until the instance of a run serves. Returns its host name. @throws Failure where it will not, or not in time */
async function untilAvailable(looking: Looking, own: Own): Promise<string> {
  const statusOf = (found: Database | undefined) => found?.status ?? "not there";
  const { value } = await watched(looking, own.name, {
    until: (found) => {
      own.shown ||= found !== undefined;
      if (found !== undefined && serves(found)) return found.address;
      const status = statusOf(found);
      if (hopeless.test(status)) throw new Failure(`${services.postgres} ${own.name}: the restore ended as ${status}`);
      return undefined;
    },
    line: (found, since) => `${own.name}: ${statusOf(found)}, for ${spelled(since)}.`,
    limit: limits.restore,
    late: (found, since) =>
      new Failure(`${services.postgres} ${own.name}: not available after ${spelled(since)}, but ${statusOf(found)}`),
  });
  return value;
}

/**
 * Asks for the deletion of a run's instance, and of no other. Returns why it stays; undefined once it does not, or was never made.
 * @param since  seconds that it has been tried for
 */
async function staysBecause({ account }: World, own: Own, since: number): Promise<string | undefined> {
  const { name, run, accepted } = own;
  try {
    const found = await account.databases.find(name);
    own.shown ||= found !== undefined;
    // Just after RDS has accepted it, it may not be shown yet.
    if (accepted && !own.shown && since < limits.show) return "RDS does not show it yet";
    const owned = found?.tags[drillTag] === run;
    if (found === undefined || owned) return accepted || owned ? await account.databases.remove(name) : undefined;
    return accepted ? `it lacks the tag ${drillTag}=${run}` : undefined;
  } catch (error) {
    if (error instanceof Failure) return error.brief;
    throw error;
  }
}

/** Has RDS delete the instance of a run. @throws Failure where it does not in time */
async function removed({ world, say }: Looking, own: Own): Promise<void> {
  const { clock = machineClock } = world;
  const begin = clock.now();
  for (;;) {
    const since = clock.now() - begin;
    const reason = await staysBecause(world, own, since);
    if (reason === undefined) break;
    if (since >= limits.remove)
      throw new Failure({
        where: `${services.postgres} ${own.name}`,
        given: `the instance of this drill, which is not deleted (${reason})`,
        allowed: "none at the end of a drill: it costs as long as it is there",
        fix: deletion(own.name),
      });
    say(`${own.name} is not deleted yet, and it is tried again: ${reason}`);
    await clock.sleep(pace.tell);
  }
  if (own.accepted) say(`${own.name} is being deleted.`);
}

/** Restores the newest state of a database into an instance of its own, works with it, and deletes it, whatever happens. */
export async function withRestored<T>(
  looking: Looking,
  source: Database,
  work: (address: string) => Promise<T>,
): Promise<T> {
  const { databases } = looking.world.account;
  const own: Own = { name: drillNameOf(source.name), run: randomUUID(), accepted: false, shown: false };
  await unlessEnding();
  const restoring = databases.restore(source, own.name, { [drillTag]: own.run }).then(() => {
    own.accepted = true;
  });
  return always(
    async () => {
      await restoring;
      return work(await untilAvailable(looking, own));
    },
    async () => {
      await restoring.catch(() => undefined);
      await removed(looking, own);
    },
  );
}
