import { SettingsError } from "../../config/problems";
import { tiers } from "../../tiers";
import type { Command, Context } from "../command";
import { expectNone, forSeconds, numberWithin, surplus, wordsProblem } from "../command";
import { lasting, moment, spelled } from "../duration";
import { cancelEnd, endOf, scheduleEnd } from "../kube/ender";
import { changeOwned } from "../kube/owners";
import { minimumBefore, type Range, raised, rangeOf } from "../kube/scaling";
import { targetNamed } from "../kube/workloads";
import { commandIn, type World } from "../world";

/** Of the tier that the examples are for. */
const { minReplicas: minimum, maxReplicas: most } = tiers.growth.app;

/** Longest time of `--for`, in seconds. */
const longestSeconds = 30 * 24 * 3600;

interface Wanted {
  name: string;
  pods: number;
  seconds: number | undefined;
}

/** Throws a SettingsError for pods that the autoscaler may not run, and for fewer than it runs at least now. */
function expectWithin(world: World, range: Range, { name, pods }: Pick<Wanted, "name" | "pods">): void {
  const { least, most, deployment } = range;
  const before = minimumBefore(range);
  const problem = (allowed: string, fix: string) => {
    throw new SettingsError([{ where: `scale ${deployment}`, given: String(pods), allowed, fix }]);
  };
  if (pods > most)
    problem(
      `at most ${most}, for which the database has connections and the nodes have room`,
      `write ${most}, or raise maxReplicas in the stack's file (npm run advise says what that asks for)`,
    );
  if (pods < least)
    problem(
      `${least} to ${most}: scale never lowers a minimum`,
      before === undefined
        ? "lower minReplicas in the stack's file and run pulumi up"
        : `${commandIn(world, `scale ${name} off`)} puts the stack's ${before} back`,
    );
}

async function putBack({ world, say, change }: Context, range: Range): Promise<void> {
  const before = minimumBefore(range);
  if (before === undefined)
    return say(`${range.deployment}: the minimum is the stack's, ${range.least}; nothing to put back`);
  await change({
    what: `put the minimum of ${range.deployment} back to ${before}`,
    does: async () => {
      const annotations = Object.fromEntries(Object.values(raised).map((name) => [name, null]));
      const spec = { [range.field]: before };
      await changeOwned(world.kube, range.path, "merge", { metadata: { annotations }, spec });
      await cancelEnd(world, range);
      return [`${range.deployment}: the minimum is ${before} again; the autoscaler removes pods that it does not need`];
    },
  });
}

async function raise({ world, say, change }: Context, range: Range, { name, pods, seconds }: Wanted): Promise<void> {
  expectWithin(world, range, { name, pods });
  const before = minimumBefore(range);
  if (pods === range.least && before === undefined)
    return say(`${range.deployment}: the minimum is the stack's, ${range.least}; nothing to raise`);
  const time = lasting(seconds);
  await change({
    what: `run at least ${pods} pods of ${range.deployment}${time}`,
    question: `Run at least ${pods} pods of ${range.deployment}${time}, in place of ${range.least}?`,
    does: async () => {
      const stacks = before ?? range.least;
      const untilMs = seconds === undefined ? undefined : endOf(Date.now(), seconds);
      if (untilMs === undefined) await cancelEnd(world, range);
      else await scheduleEnd(world, range, { untilMs, pods, before: stacks });
      const annotations = {
        [raised.from]: String(stacks),
        [raised.to]: String(pods),
        [raised.until]: untilMs === undefined ? null : new Date(untilMs).toISOString(),
      };
      await changeOwned(world.kube, range.path, "merge", { metadata: { annotations }, spec: { [range.field]: pods } });
      const off = commandIn(world, `scale ${name} off`);
      const ends =
        untilMs === undefined
          ? `It stays until ${off}.`
          : `The cluster puts ${stacks} back at ${moment(untilMs)}, or ${off} does before.`;
      return [
        `${range.deployment}: at least ${pods} pods, at most ${range.most}`,
        `${ends} A pulumi up that changes this autoscaler puts the stack's minimum back.`,
      ];
    },
  });
}

export const scale: Command = {
  name: "scale",
  summary: "raise the minimum number of pods before a peak, and put it back",
  usage: ["scale app|QUEUE PODS [--for TIME]", "scale app|QUEUE off"],
  about: [
    "Raises the minimum of the autoscaler, so that pods run before the load comes. The autoscaler still adds more, up to its " +
      "maximum. That is the stack's: beyond it, the database would run out of connections.",
    "With --for, a CronJob in the cluster puts the stack's minimum back at that minute; it gets a Role of its own, which you need the " +
      "right to create. Without --for, off puts it back. So does a pulumi up that " +
      "changes this autoscaler; one that does not change it leaves the raised minimum.",
  ],
  options: [
    ["app|QUEUE", "the application, or the workers of a queue of tierstack:queues"],
    ["PODS", "the minimum number of pods: from the minimum now to the autoscaler's maximum, which a refusal names"],
    ["off", "put the stack's minimum back"],
    ["--for TIME", `end by itself, such as 2h or 1d; at most ${spelled(longestSeconds)}`],
  ],
  examples: [
    [`scale app ${most} --for 2h`, `before a launch; Growth runs ${minimum} to ${most} pods`],
    ["scale app off", "after it"],
  ],
  flags: ["for"],
  switches: [],
  changes: true,
  read: (given) => {
    const [name, number] = given.words;
    const problems = surplus(given, 2);
    if (name === undefined || number === undefined)
      problems.push(wordsProblem(given.words.join(" "), "app or a queue, then pods or off", "write scale app PODS"));
    const off = number === "off";
    const bounds = { least: 1, most: 10_000, whole: true };
    const pods = number === undefined || off ? undefined : numberWithin(`scale ${name}`, number, bounds, problems);
    if (off && given.values.for !== undefined)
      problems.push(wordsProblem("off and --for", "one of them", "leave one out"));
    const seconds = forSeconds(given, longestSeconds, problems);
    expectNone(problems);
    return async (context) => {
      const { deployment } = await targetNamed(context.world, name as string, (one) => one.name !== "pgbouncer");
      const range = await rangeOf(context.world, deployment);
      if (pods === undefined) await putBack(context, range);
      else await raise(context, range, { name: name as string, pods, seconds });
      return 0;
    };
  },
};
