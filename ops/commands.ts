import type { Command } from "./command";
import { cache } from "./commands/cache";
import { connections } from "./commands/connections";
import { limits } from "./commands/limits";
import { maintenance } from "./commands/maintenance";
import { pools } from "./commands/pools";
import { queues } from "./commands/queues";

/** Every command, in the order of the help. Dispatch, help and docs/runbooks follow from this list. */
export const commands: readonly Command[] = [connections, pools, queues, maintenance, limits, cache];
