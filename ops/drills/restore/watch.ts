/** Looks at an instance of RDS, again and again, until it is as it should be. */
import type { Database } from "../../account/databases";
import { machineClock } from "../../clock";
import { Failure } from "../../failure";
import type { World } from "../../world";
import type { Looking } from "../drill";

/** Seconds between two looks at an instance, and between two lines about it. */
export const pace = { look: 15, tell: 60 } as const;

/** Seconds without any answer until a drill gives up: a network that is away for a moment does not end it. */
const unansweredSeconds = 5 * 60;

/** What is waited for. */
export interface Watch<T> {
  /** Undefined as long as it goes on. @throws Failure where it never comes */
  until: (found: Database | undefined) => T | undefined;
  /** What is told meanwhile. */
  line: (found: Database | undefined, since: number) => string;
  /** Seconds until it is given up. */
  limit: number;
  /** Why, then. */
  late: (found: Database | undefined, since: number) => Failure;
}

/** A look at an instance, or why there is none. */
async function lookAt({ account }: World, name: string): Promise<{ found?: Database } | Failure> {
  try {
    const found = await account.databases.find(name);
    return found === undefined ? {} : { found };
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Watches an instance. Returns what was waited for, and the seconds that it took. @throws Failure where it does not come in time */
export async function watched<T>(
  { world, say }: Looking,
  name: string,
  { until, line, limit, late }: Watch<T>,
): Promise<{ value: T; seconds: number }> {
  const { clock = machineClock } = world;
  const begin = clock.now();
  let [told, answered] = [0, 0];
  for (;;) {
    const look = await lookAt(world, name);
    const since = clock.now() - begin;
    if (look instanceof Failure) {
      if (since - answered >= unansweredSeconds) throw look;
    } else {
      answered = since;
      const value = until(look.found);
      if (value !== undefined) return { value, seconds: since };
      if (since >= limit) throw late(look.found, since);
    }
    if (since - told >= pace.tell) {
      told = since;
      say(look instanceof Failure ? `${name} is looked at again: ${look.brief}` : line(look.found, since));
    }
    await clock.sleep(pace.look);
  }
}
