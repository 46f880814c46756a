import type { Command } from "./command";
import { cache } from "./commands/cache";
import { certificates } from "./commands/certificates";
import { connections } from "./commands/connections";
import { limits } from "./commands/limits";
import { maintenance } from "./commands/maintenance";
import { pools } from "./commands/pools";
import { queues } from "./commands/queues";
import { restart } from "./commands/restart";
import { rollback } from "./commands/rollback";
import { scale } from "./commands/scale";
import { status } from "./commands/status";

/** Every command, in the order of the help. Dispatch, help and docs/runbooks follow from this list. */
export const commands: readonly Command[] = [
  status,
  connections,
  pools,
  queues,
  maintenance,
  limits,
  cache,
  scale,
  rollback,
  restart,
  certificates,
];
