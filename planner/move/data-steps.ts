/** Steps that move data, and stop meanwhile what would change it. */
import { type Asked, byHand, type Step } from "./steps";

/** Suspends all scheduled jobs, or lets them run again. Pulumi does not set the field, so no `up` in between changes it. */
const schedules = (on: boolean) => [
  "kubectl -n app get cronjob -o name |",
  `  xargs -r -I {} kubectl -n app patch {} -p '{"spec":{"suspend":${!on}}}'`,
];

/** Commands that stop the workers and the scheduled jobs, or start them. */
export const workCommands = (on: boolean): string[] => [
  `kubectl -n app scale deployment -l app.kubernetes.io/component=worker --replicas ${on ? 1 : 0}`,
  ...schedules(on),
];

/** Workers and scheduled jobs go on during maintenance. They may not write to one database while it is copied to another. */
export const work = (on: boolean): Step =>
  byHand(
    on ? "Start the workers and the scheduled jobs" : "Stop the workers and the scheduled jobs",
    workCommands(on),
    on
      ? "the workers run; their autoscalers take over"
      : "kubectl -n app get pods shows no worker; an autoscaler leaves a Deployment with 0 replicas alone",
  );

/** A scheduled job that creates or drops a partition changes the schema, which the switch of a handover refuses. */
export const scheduledJobs = (on: boolean): Step =>
  byHand(
    on ? "Start the scheduled jobs" : "Stop the scheduled jobs",
    schedules(on),
    on
      ? "kubectl -n app get cronjob shows no SUSPEND True"
      : "kubectl -n app get cronjob shows SUSPEND True for each that changes the schema, such as maintain; others may go on",
  );

/**
 * Runs a script in a shell of the in-cluster Postgres that has the address of RDS as $0. The superuser's password is the same
 * on both sides. It comes by the pipe and is on no command line.
 */
const withRds = (address: string, ...script: string[]) => [
  ...`RDS=$(${address})`.split("\n"),
  "kubectl -n data get secret postgres-credentials -o jsonpath='{.data.superuser-password}' |",
  "  base64 -d | kubectl -n data exec -i postgres-0 -c postgres -- sh -c '",
  ...[`export PGPASSWORD=$(cat); ${script[0]}`, ...script.slice(1)].map(
    (line, at) => `    ${line}${at === script.length - 1 ? `' "$RDS"` : ""}`,
  ),
];
export const databaseEndpoint = ({ stack }: Asked) =>
  `npx pulumi stack output databaseEndpoint -s ${stack} | cut -d: -f1`;

/** Pipes the data of one database into the other. */
export const copy = (address: string, dump: string, restore: string) => withRds(address, `${dump} |`, restore);
export const restored = "pg_restore --clean --if-exists -U postgres -d app";

/** Asks Valkey, in its pod, for what holds unfinished jobs: BullMQ's keys by default. One without any is gone. */
const unfinished =
  'REDISCLI_AUTH=$(cat "$VALKEY_PASSWORD_FILE") valkey-cli --tls --cacert "$VALKEY_CA" -h localhost -p "$VALKEY_PORT" ' +
  '--scan | grep -E ":(wait|paused|prioritized|delayed|active)$" || true';

export const drainQueues = byHand(
  "Drain the queues",
  [`kubectl -n data exec redis-0 -- sh -c '${unfinished}'`],
  "no key is left. The reference workload need not be drained: a later step moves its jobs (docs/queues.md#move)",
);

const oldRedisFile = "old-redis-url";
/** On two lines: the terminal's view would break a longer one before the `<`. */
const mover = (part: string) => [
  `kubectl -n app exec -i deploy/app < ${oldRedisFile} -- \\`,
  `  sh -c 'OLD_REDIS_URL=$(cat) node workload/move.js ${part}'`,
];

/** Both before and after the move the application's pods reach either Redis, whose passwords are one. */
export const noteRedis = byHand(
  "Note the address of Redis",
  [`(umask 077; kubectl -n app exec deploy/app -- printenv REDIS_URL > ${oldRedisFile})`],
  `${oldRedisFile} has a line that begins with rediss://. It has the password: nobody else may read it`,
);

/** In maintenance, so no user sees a Redis without the keys. */
export const moveRedis = byHand(
  "Move keys and jobs to the new Redis (docs/queues.md#move)",
  [...mover("keys"), ...mover("jobs"), `rm ${oldRedisFile}`],
  "both commands end with 0. They are the reference workload's: leave them out for another application",
);

/** local-path does not enforce the size of a claim: a database that is too large fills the disk of the node. */
export const fits: Step = (asked) => {
  const { room } = asked.handover ?? {};
  const excess = room && room.assumedGib > room.mostGib;
  return {
    title: "Check that the database fits (docs/handover.md#startup-to-mvp)",
    commands: withRds(
      databaseEndpoint(asked),
      'psql -h "$0" -U postgres -d app -Atc "SELECT pg_size_pretty(pg_database_size(current_database()))"',
    ),
    check:
      `at most half of what the in-cluster Postgres claims${room ? `, ${room.claim}` : ""}; ` +
      "do not move down with more, because nothing but the disk of the node limits it" +
      (excess ? `; the ${room.assumedGib} GiB that the plan assumes (database.storedGib) do not fit` : ""),
  };
};
