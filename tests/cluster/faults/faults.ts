import type { Fault } from "./fault";
import { immovable } from "./immovable";
import { malformed } from "./malformed";
import { misfits } from "./misfits";
import { network } from "./network";
import { unsafe } from "./unsafe";

/** All seeded faults. */
export const faults: Fault[] = [...malformed, ...unsafe, ...misfits, ...immovable, ...network];
