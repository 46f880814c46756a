/** The restore of Postgres on RDS: into an instance beside the one in use, which is deleted at the end. */
import { workloads } from "../../../components/postgres/common/network-policies";
import { handoverName } from "../../../components/postgres/handover/settings";
import { rdsClient, rdsClientName } from "../../../components/postgres/restore/rds-client";
import type { Database } from "../../account/databases";
import { nameOf, services } from "../../account/managed-stores";
import { machineClock } from "../../clock";
import { moment, spelled } from "../../duration";
import { Failure } from "../../failure";
import { ask, type Server } from "../../sql";
import type { World } from "../../world";
import type { Looking, Outcome, Prepared } from "../drill";
import { rdsRestorePrediction } from "../expectations";
import { drillNameOf, expectMayDelete, expectNoInstance, limits, serves, withRestored } from "./instance";
import { expectNoPod, withPod } from "./pod";
import { hourPriceOf } from "./price";
import { comparison, differences, surveyed } from "./survey";
import { pace, watched } from "./watch";

/** Seconds until a server has to answer a pod: the network's policies, and the server's name, are new. */
const answerSeconds = 5 * 60;

/** Seconds until RDS has to be able to restore a write; then the drill gives up. */
const restorableSeconds = 3 * rdsRestorePrediction.rpoSeconds;

/** Seconds until the daily backup of the instance in use has to be made: RDS restores none meanwhile. */
const backingUpSeconds = 60 * 60;

/** Seconds that a restore takes at most until it is given up, without the reads of the tables. */
export const longestSeconds = backingUpSeconds + 2 * answerSeconds + restorableSeconds + limits.restore + limits.remove;

/** Of a NetworkPolicy where its pods may connect to. */
interface Policy {
  spec: { egress?: { to?: { ipBlock?: { cidr: string } }[] }[] };
}

/** The addresses of the databases: those that PgBouncer may connect to. */
async function cidrOf({ kube, namespaces }: World): Promise<string> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespaces.data}/networkpolicies/${workloads.pgbouncer}`;
  const { spec } = await kube.get<Policy>(path);
  const [cidr] = (spec.egress ?? []).flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []));
  if (cidr !== undefined) return cidr;
  throw new Failure({
    where: `network policy ${namespaces.data}/${workloads.pgbouncer}`,
    given: "one that names no addresses of RDS",
    allowed: "that of a stack on RDS",
    fix: "npm run plan says what has changed; npx pulumi up puts it right",
  });
}

/** Waits while RDS makes the daily backup of an instance. Returns it; undefined where there is none. */
async function backedUp(looking: Looking, name: string): Promise<Database | undefined> {
  const where = `${services.postgres} ${name}`;
  const { value } = await watched(looking, name, {
    until: (found) => (found?.status === "backing-up" ? undefined : { found }),
    line: (_, since) => `Waits while RDS makes the daily backup of ${name}, for ${spelled(since)}.`,
    limit: backingUpSeconds,
    late: (_, since) => new Failure(`${where}: its daily backup is not made after ${spelled(since)}`),
  });
  return value.found;
}

/** The instance in use. @throws Failure where it cannot be restored beside itself now */
async function look(looking: Looking, name: string): Promise<Database & { restorableMs: number }> {
  const { world } = looking;
  const { kube, namespaces } = world;
  if (await kube.exists(`/apis/batch/v1/namespaces/${namespaces.data}/jobs/${handoverName}`))
    throw new Failure({
      where: `Job ${namespaces.data}/${handoverName}`,
      given: "a handover that is on: two databases, of which one is in use",
      allowed: "one database",
      fix: "finish the handover or abort it first (docs/handover.md)",
    });
  const where = `${services.postgres} ${name}`;
  const found = await backedUp(looking, name);
  if (found === undefined)
    throw new Failure({
      where,
      given: "no such instance",
      allowed: "that of the stack's output databaseEndpoint",
      fix: "npx pulumi refresh, or check that your rights are those of the stack's account",
    });
  const { status, backupDays, restorableMs } = found;
  if (!serves(found))
    throw new Failure({ where, given: `status ${status}`, allowed: "available", fix: "wait until it is" });
  if (backupDays === 0 || restorableMs === undefined)
    throw new Failure({
      where,
      given:
        backupDays === 0 ? "an instance without automated backups" : "an instance whose first backup is not made yet",
      allowed: "one with a backup that can be restored",
      fix: backupDays === 0 ? "set postgres.backupRetentionDays in the stack's file" : "wait until it is there",
    });
  await expectNoInstance(world, drillNameOf(name));
  await expectNoPod(world, rdsClientName);
  return { ...found, restorableMs };
}

/** Waits until a server answers. @throws Failure with its last answer */
async function untilAnswers({ reach, clock = machineClock }: World, server: Server): Promise<void> {
  const begin = clock.now();
  for (;;)
    try {
      await ask(reach, server, "SELECT 1");
      return;
    } catch (error) {
      if (!(error instanceof Failure) || clock.now() - begin >= answerSeconds) throw error;
      await clock.sleep(pace.look);
    }
}

/**
 * Writes to the log alone, and waits until RDS can restore that: what is committed then is lost with the instance until then.
 * Returns the seconds that it took.
 */
async function secondsToRestorable(looking: Looking, server: Server, name: string): Promise<number> {
  const { world } = looking;
  const [line = ""] = await ask(
    world.reach,
    server,
    `SELECT FROM pg_logical_emit_message(true, 'tierstack', 'drill');
    SELECT extract(epoch FROM clock_timestamp()) * 1000;`,
  );
  const { seconds } = await watched(looking, name, {
    until: (found) => (found?.restorableMs ?? 0) >= Number(line) || undefined,
    line: (_, since) => `Waits until a write can be restored, for ${spelled(since)}.`,
    limit: restorableSeconds,
    late: (_, since) =>
      new Failure({
        where: `${services.postgres} ${name}`,
        given: `a write that cannot be restored after ${spelled(since)}`,
        allowed: "its log is sent to S3 every five minutes",
        fix: "look at the instance's events (aws rds describe-events), and ask the support of AWS",
      }),
  });
  return seconds;
}

async function exercise(looking: Looking, source: Database, cidr: string): Promise<Outcome> {
  const { world } = looking;
  const { reach, namespaces, clock = machineClock } = world;
  await expectMayDelete(world, drillNameOf(source.name));
  return withPod(world, rdsClient(namespaces.data, cidr), async (workload) => {
    const serverAt = (host = ""): Server => ({ workload, psql: ["-h", host] });
    const running = serverAt(source.address);
    await untilAnswers(world, running);
    const before = await surveyed(reach, running);
    // After the survey: what it saw can be restored once this can.
    const rpoSeconds = await secondsToRestorable(looking, running, source.name);
    const begin = clock.now();
    return withRestored(looking, source, async (address) => {
      const available = clock.now() - begin;
      await untilAnswers(world, serverAt(address));
      const rtoSeconds = clock.now() - begin;
      const restored = await surveyed(reach, serverAt(address), before.oldest);
      const after = await surveyed(reach, running, before.oldest);
      const surveys = { before, restored, after };
      return {
        rtoSeconds,
        rpoSeconds,
        seen: [
          ...comparison(surveys),
          `The instance was available after ${spelled(available)}, and answered after ${spelled(rtoSeconds)}. A write could be restored ` +
            `after ${spelled(rpoSeconds)}.`,
        ],
        wrong: differences(surveys),
      };
    });
  });
}

/** Looks at the instance in use and its backups. @param address  its host and port @throws Failure where there is nothing to restore */
export async function managed(looking: Looking, address: string): Promise<Prepared> {
  const { world, say } = looking;
  const source = await look(looking, nameOf(address));
  const cidr = await cidrOf(world);
  const { name, instanceClass, storageGiB, backupDays, restorableMs } = source;
  const size = `${instanceClass} with ${storageGiB} GiB`;
  say(
    `Backups: of ${services.postgres} ${name}, ${size}, kept for ${backupDays} d. They can be restored until ${moment(restorableMs)}, ` +
      `${spelled((Date.now() - restorableMs) / 1000)} ago.`,
  );
  const target = drillNameOf(name);
  return {
    prediction: rdsRestorePrediction,
    what: `restore it into the instance ${target}, compare it with the running database, and delete it`,
    question: `restore ${name} into the instance ${target}? It costs ${hourPriceOf(source)}, until the drill deletes it.`,
    does: () => exercise(looking, source, cidr),
  };
}
