import { type Clock, machineClock } from "../clock";
import { Failure } from "../failure";
import type { Deployment } from "../kube/objects";
import { apps } from "../kube/workloads";
import { application, type World } from "../world";

/** What a watch saw. */
export interface Outage {
  /** Seconds from the fault to the last moment without service; 0 where service never stopped. */
  seconds: number;
  /** Seconds from the fault to the end of the watch: it served, and all was done. */
  watched: number;
  /** Whether all was done within the limit. */
  ended: boolean;
}

/** Answers in a row after which it serves again. */
const enough = 3;

/**
 * Checks every second whether it serves, from a fault on, until it has served for some seconds and all that belongs to the fault is done.
 * @param limitSeconds  after which the watch gives up
 */
export async function outage(
  { serves, done }: { serves: () => Promise<boolean>; done: () => Promise<boolean> },
  limitSeconds: number,
  clock: Clock = machineClock,
): Promise<Outage> {
  const begin = clock.now();
  const since = () => clock.now() - begin;
  let [lastWithout, inARow] = [0, 0];
  for (;;) {
    const asked = since();
    const up = await serves();
    // A negative answer may come late, such as after a timeout.
    if (!up) lastWithout = Math.max(asked, since());
    inARow = up ? inARow + 1 : 0;
    // Each second, for it may also drive what goes on, such as evictions.
    const ended = (await done()) && inARow >= enough;
    if (ended || since() >= limitSeconds) return { seconds: lastWithout, watched: since(), ended };
    await clock.sleep(1);
  }
}

/** The pods of the application, asked by their readiness check. */
export interface Witness {
  /** Whether each answers that it is ready, and not that the store is down. */
  serves: () => Promise<boolean>;
  /** Whether the last answers named the store at all. Those of an image of one's own may not. */
  names: () => boolean;
}

/** @param store  its name in the answer of the reference application (workload/http/health.ts) */
export async function witness(world: World, store: "primary" | "redis"): Promise<Witness> {
  const workload = application(world);
  const { namespace, name, container } = workload;
  const { spec } = await world.kube.get<Deployment>(`${apps(namespace)}/deployments/${name}`);
  const { path, port } =
    spec.template.spec.containers.find((one) => one.name === container)?.readinessProbe?.httpGet ?? {};
  if (path === undefined || typeof port !== "number")
    throw new Failure(`${namespace}/${name}: its container ${container} has no readiness check to ask`);
  const says = (text: string, state: string) => new RegExp(`"${store}"\\s*:\\s*${state}`).test(text);
  let named = false;
  return {
    serves: async () => {
      try {
        const answers = await world.reach.read(workload, port, path);
        named = answers.length > 0 && answers.every(({ text }) => says(text, '"'));
        return answers.every(({ text }) => !says(text, '"down"'));
      } catch (error) {
        // No pod answers, or one that is not ready.
        if (error instanceof Failure) return false;
        throw error;
      }
    },
    names: () => named,
  };
}
