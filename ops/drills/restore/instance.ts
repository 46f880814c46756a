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

/** End of the name, by which rights can be given for such instances alone. */
export const suffix = "-drill";

/** The longest DBInstanceIdentifier (CreateDBInstance). */
const longestName = 63;

/** Tag of the instances that drills make. Its value is another one for each run. */
const drillTag = "tierstack-drill";

/** Seconds until a restore has to be done, then the drill gives up; and until its instance has to take its deletion. */
export const limits = { restore: 3 * rdsRestorePrediction.rtoSeconds, remove: 15 * 60 };

/** Seconds between two looks at an instance, and between two lines about it. */
export const pace = { look: 15, tell: 60 } as const;

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

/** Whether an instance serves; RDS optimizes its storage meanwhile. */
const serves = ({ status }: Database) => status === "available" || status === "storage-optimization";

/** Statuses that a restore does not leave by itself (RDS User Guide, "Viewing Amazon RDS DB instance status"). */
const hopeless =
  /^(failed|restore-error|deleting|stopped|storage-full|insufficient-capacity|inaccessible-encryption-credentials.*|incompatible-.*)$/;

/** Waits until an instance serves. Returns its host name. @throws Failure where it will not, or not in time */
async function untilAvailable({ world, say }: Looking, name: string): Promise<string> {
  const { databases } = world.account;
  const { clock = machineClock } = world;
  const begin = clock.now();
  let told = 0;
  for (;;) {
    const found = await databases.find(name);
    const since = clock.now() - begin;
    if (found?.address !== undefined && serves(found)) return found.address;
    const status = found?.status ?? "not there";
    if (hopeless.test(status)) throw new Failure(`${services.postgres} ${name}: the restore ended as ${status}`);
    if (since >= limits.restore)
      throw new Failure(`${services.postgres} ${name}: not available after ${spelled(since)}, but ${status}`);
    if (since - told >= pace.tell) {
      told = since;
      say(`${name}: ${status}, for ${spelled(since)}.`);
    }
    await clock.sleep(pace.look);
  }
}

/** An instance that a run of a drill has asked for. */
interface Own {
  name: string;
  /** Value of its tag. */
  run: string;
  /** Whether RDS has said that it makes it. Where the answer was lost, it may have been made all the same. */
  accepted: boolean;
}

/** Asks for the deletion of a run's instance, and of no other. Returns why it stays; undefined once it does not, or was never made. */
async function staysBecause({ account }: World, { name, run, accepted }: Own): Promise<string | undefined> {
  try {
    const found = await account.databases.find(name);
    const own = found?.tags[drillTag] === run;
    if (found === undefined || own) return accepted || own ? await account.databases.remove(name) : undefined;
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
    const reason = await staysBecause(world, own);
    if (reason === undefined) break;
    if (clock.now() - begin >= limits.remove)
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
  const [name, run] = [drillNameOf(source.name), randomUUID()];
  await unlessEnding();
  const restoring = databases.restore(source, name, { [drillTag]: run });
  return always(
    async () => {
      await restoring;
      return work(await untilAvailable(looking, name));
    },
    async () => {
      const accepted = await restoring.then(
        () => true,
        () => false,
      );
      await removed(looking, { name, run, accepted });
    },
  );
}
