/** Steps of a move during which a handover moves the database (docs/handover.md). */
import { handoverName } from "../../components/postgres/handover/settings";
import { drainQueues, fits, moveRedis, noteRedis, scheduledJobs } from "./data-steps";
import { type Asked, byHand, maintenance, moveTo, type Step, set, up } from "./steps";

/** The engine, as its image has it (handover/Dockerfile). */
const engineProgram = "node handover/main.js";

/** A command of the handover's engine, in its pod. */
const engine = (command: string, { handover, leavesHandoverIn }: Asked) =>
  `kubectl -n ${handover?.namespace ?? leavesHandoverIn} exec job/${handoverName} -- ${engineProgram} ${command}`;

/** What comes before a move that ends a handover, or leaves it behind. */
export const endHandover: Step = (asked) => ({
  title: "Finish or abort the handover first (docs/handover.md#finish)",
  commands: [engine("status", asked)],
  check: `the phase is finished or aborted, and the side in use is ${asked.database ?? `the database of ${asked.to}`}: the other one is fenced`,
});

/** The steps back to the tier that a handover came from: its database is in use already, and a copy would overwrite it. */
export const stepsHome: Record<string, Step[] | undefined> = {
  "mvp startup": [
    maintenance(true),
    drainQueues,
    noteRedis,
    moveTo("startup", "RDS and ElastiCache are available, and the product has its data"),
    moveRedis,
    maintenance(false),
  ],
  "startup mvp": [
    maintenance(true),
    noteRedis,
    moveTo("mvp", "the in-cluster stores run, and the product has its data", "managedStores"),
    moveRedis,
    maintenance(false),
  ],
};

/** The steps of a handover, after the move that starts it (docs/handover.md). The product runs meanwhile. */
const handOver: Step[] = [
  (asked) => ({
    title: "Wait until both databases are equal (docs/handover.md#watch)",
    commands: [engine("status", asked)],
    check: ["the phase is ready", ...(asked.handover?.expected ? [asked.handover.expected.copy] : [])].join("; "),
  }),
  (asked) => ({
    title: "Switch (docs/handover.md#switch)",
    commands: [engine("switch", asked)],
    check: [
      "the phase is switched, and the comparison of every table is equal",
      ...(asked.handover?.expected ? [asked.handover.expected.pause] : []),
    ].join("; "),
  }),
  (asked) => ({
    title: "Use the product, and go back if it does not work (docs/handover.md#back)",
    commands: [engine("status", asked), `${engine("back", asked)}   # only to go back`],
    check: "the product works; as long as the handover is not finished, no write is lost on the way back",
  }),
  (asked) => ({
    title: "Let PgBouncer start with the new database",
    commands: [set("handover.switched", "true", true)(asked), up(asked)],
    check: "PgBouncer's pods are new, and the product works",
  }),
  (asked) => ({
    title: "Finish (docs/handover.md#finish)",
    commands: [engine("finish", asked), `npx pulumi config rm ${asked.project}:handover -s ${asked.stack}`, up(asked)],
    check: "the product works, and kubectl -n data get pods shows no handover",
  }),
  scheduledJobs(true),
];

/** The steps between tiers where a handover moves the data, by `from to`. */
export const handoverSteps: Record<string, Step[] | undefined> = {
  "mvp startup": [
    scheduledJobs(false),
    maintenance(true),
    drainQueues,
    noteRedis,
    moveTo("startup", "RDS and ElastiCache are available; the product still uses the in-cluster Postgres"),
    moveRedis,
    maintenance(false),
    ...handOver,
  ],
  "startup mvp": [
    fits,
    byHand(
      "Remove the old data of the in-cluster Postgres (docs/handover.md#startup-to-mvp)",
      ["kubectl -n data exec postgres-0 -c postgres -- psql -U postgres -c 'DROP DATABASE IF EXISTS app'"],
      "the server has no database app: what it had is from before the move to Startup",
    ),
    scheduledJobs(false),
    maintenance(true),
    noteRedis,
    moveTo("mvp", "the in-cluster stores run; the product still uses RDS", "managedStores"),
    moveRedis,
    maintenance(false),
    ...handOver,
  ],
};

/** The steps from one RDS instance to another, at any tier that has them. */
export const anotherInstance: Step[] = [
  scheduledJobs(false),
  (asked) => ({
    title: "Create the new instance beside the one in use (docs/handover.md#another-instance)",
    commands: [up(asked)],
    check: `${asked.handover?.instances?.target} and its read replicas are available; the product still uses ${asked.handover?.instances?.source}`,
  }),
  ...handOver,
  (asked) => ({
    title: "Remove the old instance, once nobody needs it (docs/handover.md#remove-the-old-instance)",
    commands: [
      set("allowDestroy", "true")(asked),
      up(asked),
      `npx pulumi config rm --path ${asked.project}:postgres.previous -s ${asked.stack}`,
      up(asked),
      set("allowDestroy", "false")(asked),
      up(asked),
    ],
    check: `npx pulumi preview deletes nothing else that holds data; ${asked.handover?.instances?.source} has left a final snapshot`,
  }),
];
