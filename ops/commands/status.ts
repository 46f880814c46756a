import { count, visible, wrap } from "../../planner/views/text";
import { thresholds } from "../../tiers/thresholds";
import type { Command, Shown } from "../command";
import { expectNone, surplus } from "../command";
import { spelled } from "../duration";
import { program } from "../operate";
import { authority, isDue, noticeDays } from "../status/certificates";
import { drillsSeen } from "../status/drills";
import type { Finding } from "../status/finding";
import { storesSeen } from "../status/stores";
import { clusterFindings } from "../status/workloads";
import { commandIn, type World } from "../world";

async function certificateFindings(world: World, nowMs: number): Promise<Finding[]> {
  const own = await authority(world);
  if (own === undefined || !isDue(own, nowMs)) return [];
  const help = { ops: "certificates" };
  if (own.problem !== undefined) return [{ what: `certificate of ${own.name}: ${own.problem}`, help }];
  return [{ what: `the certificate of ${own.name} expires within ${noticeDays} days`, help }];
}

/** Lines that say what is not well, since when, and what helps. */
export function statusLines(findings: readonly Finding[], nowMs: number, { world, screen }: Shown): string[] {
  const { length } = findings;
  if (length === 0) return [screen.paint("green", "all is well")];
  return [
    screen.paint("red", `${count(length, "thing")} ${length === 1 ? "is" : "are"} not well`),
    ...findings.flatMap(({ what, sinceMs, help }) => [
      "",
      ...wrap(
        visible(sinceMs === undefined ? what : `${what} (for ${spelled((nowMs - sinceMs) / 1000)})`),
        screen.width,
        "  ",
        "    ",
      ),
      ...wrap(visible(typeof help === "string" ? help : commandIn(world, help.ops)), screen.width, "    ", "      "),
    ]),
  ];
}

export const status: Command = {
  name: "status",
  summary: "what is not well, since when, and what helps",
  usage: ["status"],
  about: [
    "Looks at nodes, pods, rollouts, autoscalers, jobs, the internal authority, switches, connections, queues, the archive of an in-cluster Postgres and " +
      "drills, and names what is not well, since when, and the command or page that helps. Exit code 1 if anything is. It does not see what is outside the cluster: " +
      "the edge, RDS and ElastiCache themselves, and what the product costs.",
    "Its last lines say when the drill restore last verified a backup, with RTO and RPO. It is not well if that was more than " +
      `${thresholds.restore.verifiedDays} days ago. Before the first drill, it counts from the first deployment.`,
  ],
  options: [],
  examples: [["status", "of a stack"]],
  flags: [],
  switches: [],
  changes: false,
  read: (given) => {
    expectNone(surplus(given, 0));
    return async (context) => {
      const { world, say } = context;
      const now = Date.now();
      const stores = await storesSeen(world, now);
      const drills = await drillsSeen(world, now);
      const findings = [
        ...(await clusterFindings(world, now)),
        ...stores.findings,
        ...(await certificateFindings(world, now)),
        ...drills.findings,
      ];
      say(...statusLines(findings, now, context));
      if (drills.lines.length > 0) say(...(findings.length > 0 ? [""] : []), ...drills.lines);
      if (stores.unseen.length > 0) say(`not looked at: ${stores.unseen.join(", ")} (the image has no ${program})`);
      return findings.length === 0 ? 0 : 1;
    };
  },
};
