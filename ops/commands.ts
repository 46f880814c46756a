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
import type { Program } from "./program";

/** Every command, in the order of the help. Dispatch, help and docs/runbooks follow from this list. */
const commands: readonly Command[] = [
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

export const operations: Program = {
  name: "ops",
  about:
    "Operates a deployed product. Commands reach it through kubectl's configuration, or with -s through the stack's kubeconfig; " +
    "what needs a store runs in a pod that has its credentials, so no password passes through this machine. Each asks " +
    "before it does harm, and names the stack and the cluster that it acts on.",
  page: "docs/runbooks/README.md says when to use which.",
  commands,
};
