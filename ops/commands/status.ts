import { count, type Screen, visible, wrap } from "../../planner/views/text";
import type { Command } from "../command";
import { expectNone, surplus } from "../command";
import { spelled } from "../duration";
import { program } from "../operate";
import { authority, isDue, noticeDays } from "../status/certificates";
import type { Finding } from "../status/finding";
import { storesSeen } from "../status/stores";
import { clusterFindings } from "../status/workloads";
import type { World } from "../world";

async function certificateFindings(world: World, nowMs: number): Promise<Finding[]> {
  const own = await authority(world);
  if (own === undefined || !isDue(own, nowMs)) return [];
  const help = "npm run ops -- certificates";
  if (own.problem !== undefined) return [{ what: `${own.name}: ${own.problem}`, help }];
  return [{ what: `${own.name} ends within ${noticeDays} days`, help }];
}

/** Lines that say what is not well, since when, and what helps. */
export function statusLines(cluster: string, findings: readonly Finding[], nowMs: number, screen: Screen): string[] {
  if (findings.length === 0) return [screen.paint("green", `${cluster}: well`)];
  return [
    screen.paint("red", `${cluster}: ${count(findings.length, "thing")} not well`),
    ...findings.flatMap(({ what, sinceMs, help }) => [
      "",
      ...wrap(
        visible(sinceMs === undefined ? what : `${what}, for ${spelled((nowMs - sinceMs) / 1000)}`),
        screen.width,
        "  ",
        "    ",
      ),
      ...wrap(visible(help), screen.width, "    ", "      "),
    ]),
  ];
}

export const status: Command = {
  name: "status",
  summary: "is the product well? what is not, since when, and what helps",
  usage: ["status"],
  about: [
    "Looks at nodes, pods, rollouts, autoscalers, jobs, the internal authority, switches, connections and queues, and names what is not " +
      "well, since when, and the command or page that helps. Exit code 1 if anything is. It does not see what is outside of the cluster: " +
      "the edge, RDS and ElastiCache themselves, and what the product costs.",
  ],
  options: [],
  examples: [["npm run ops -- status -s growth", "of a stack"]],
  flags: [],
  switches: [],
  changes: false,
  read: (given) => {
    expectNone(surplus(given, 0));
    return async ({ world, say, screen }) => {
      const now = Date.now();
      const stores = await storesSeen(world, now);
      const findings = [
        ...(await clusterFindings(world, now)),
        ...stores.findings,
        ...(await certificateFindings(world, now)),
      ];
      say(...statusLines(world.cluster, findings, now, screen));
      if (stores.unseen.length > 0)
        say(...wrap(`not looked at: ${stores.unseen.join(", ")} (the image has no ${program})`, screen.width));
      return findings.length === 0 ? 0 : 1;
    };
  },
};
