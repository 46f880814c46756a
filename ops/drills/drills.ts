import type { Program } from "../program";
import { nodeLoss } from "./drain/node-loss";
import { zoneLoss } from "./drain/zone-loss";
import { commandOf } from "./drill";
import { failover } from "./failover/failover";
import { regionLoss } from "./region/region-loss";
import { restore } from "./restore/restore";

/** Every drill, in the order of the help. Dispatch, help and docs/drills.md follow from this list. */
export const drills: Program = {
  name: "drill",
  about:
    "Practises a loss on a deployed product. Each drill first writes what it expects and asks before it does harm. Then it acts, " +
    "measures and compares. Exit code 1 says that the prediction was wrong. It reaches the product as npm run ops does.",
  page: "docs/drills.md says when to do which.",
  commands: [restore, failover, nodeLoss, zoneLoss, regionLoss].map(commandOf),
};
