import type { Connections, Session } from "../../contract/operate";
import { table, visible, wrap } from "../../planner/views/text";
import type { Command, Context, Shown } from "../command";
import { expectNone, numberWithin, surplus } from "../command";
import { lasting, spelled } from "../duration";
import { Failure } from "../failure";
import { operate } from "../operate";
import { harmOf, patience } from "../status/harm";
import { commandIn } from "../world";

/** Share of the connections from which the server is said to be full. */
const fullFrom = 0.9;

/** The start of a session's last query, in a line. */
const queryOf = ({ query }: Session) => visible((query ?? "hidden").replace(/\s+/g, " "));

const holderOf = ({ user, application: name, address }: Session) =>
  visible([user ?? "another role", name, address ?? "local"].filter(Boolean).join(" "));

/** Sessions by who holds them and in which state, those that hold most first. */
function summary({ sessions }: Connections): string[][] {
  const groups = new Map<string, number>();
  for (const one of sessions) {
    const key = [holderOf(one), one.state ?? "hidden"].join("\n");
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  return [...groups].sort((a, b) => b[1] - a[1]).map(([key, count]) => [...key.split("\n"), String(count)]);
}

/** Lines that show who holds connections, and which session to end. */
export function connectionLines(found: Connections, { world, screen }: Shown): string[] {
  const { most, reserved, sessions } = found;
  const used = `${sessions.length} of ${most - reserved} connections of the primary are in use`;
  const full = sessions.length >= (most - reserved) * fullFrom;
  const harmful = sessions.flatMap((one) => {
    const harm = harmOf(one, sessions);
    return harm === undefined ? [] : [{ one, harm }];
  });
  const details = harmful.flatMap(({ one, harm: { what, seconds } }) => [
    ...wrap(`${one.pid}  ${what}${lasting(seconds)}: ${holderOf(one)}`, screen.width, "  ", "    "),
    ...wrap(queryOf(one), screen.width, "      "),
  ]);
  return [
    full ? screen.paint("red", `${used}: almost all`) : used,
    "",
    ...table(["holder", "state", "connections"], summary(found), screen),
    "",
    ...(harmful.length === 0
      ? ["No session holds others up."]
      : [
          ...wrap(
            `To end one and roll its transaction back, ${commandIn(world, "connections --end PID")}:`,
            screen.width,
          ),
          ...details,
        ]),
  ];
}

async function end(context: Context, pid: number): Promise<void> {
  const { world, say, change, screen } = context;
  const { sessions } = await operate(world, { do: "connections" });
  const session = sessions.find((one) => one.pid === pid);
  if (!session)
    throw new Failure({
      where: "--end",
      given: `${pid}, which is no session of a client`,
      allowed: `a process of ${commandIn(world, "connections")}`,
      fix: "look again: it may have ended by itself",
    });
  say(`${pid}: ${holderOf(session)}, ${session.state ?? "hidden"}`);
  say(...wrap(queryOf(session), screen.width, "  "));
  await change({
    what: `end the session ${pid}`,
    question: `End the session ${pid} and roll its transaction back?`,
    does: async () => {
      const { ended } = await operate(world, { do: "end", pid, started: session.started });
      return [ended ? `ended the session ${pid}` : `the session ${pid} had ended by itself`];
    },
  });
}

export const connections: Command = {
  name: "connections",
  summary: "who holds the database's connections, and which to end",
  usage: ["connections [--end PID]"],
  about: [
    "Shows who holds the connections of the primary, which sessions hold others up, and ends one. It connects from a pod of " +
      "the application through PgBouncer's session pool, so it answers while the pools of the product are full.",
    `It lists sessions that block others, that sit idle in a transaction for ${spelled(patience.idle)}, or that are ` +
      `in a transaction for ${spelled(patience.active)}. Postgres hides the queries of other roles.`,
  ],
  options: [["--end PID", "end this session; its transaction is rolled back"]],
  examples: [
    ["connections", "who holds them"],
    ["connections --end 4711", "end one"],
  ],
  flags: ["end"],
  switches: [],
  changes: true,
  read: (given) => {
    const problems = surplus(given, 0);
    const text = given.values.end;
    const bounds = { least: 1, most: 2 ** 31 - 1, whole: true };
    const pid = text === undefined ? undefined : numberWithin("--end", text, bounds, problems);
    expectNone(problems);
    return async (context) => {
      if (pid !== undefined) await end(context, pid);
      else context.say(...connectionLines(await operate(context.world, { do: "connections" }), context));
      return 0;
    };
  },
};
