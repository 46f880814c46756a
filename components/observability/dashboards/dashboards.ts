import { data } from "./data";
import { money } from "./money";
import { platform } from "./platform";
import { product } from "./product";
import type { Dashboard } from "./types";
import { work } from "./work";

/** All dashboards, in the order in which one looks at them. */
export const dashboards: readonly Dashboard[] = [product, data, work, platform, money];
