/** What the steps of a move are made of. */
import type { Tier } from "../../tiers";
import type { Change, Phase } from "./change";
import type { PlannedHandover } from "./handover";

/** A move, as its steps depend on it. */
export interface Asked {
  /** The stack that moves. */
  stack: string;
  /** Namespace of its configuration keys. */
  project: string;
  from: Tier;
  to: Tier;
  changes: Change[];
  /** The handover that the move starts. @default none: the data is copied during maintenance */
  handover?: PlannedHandover | undefined;
  /** Namespace of the Job of a handover that is on before the move, and that the move ends or leaves. @default none is on */
  leavesHandoverIn?: string | undefined;
  /** The RDS instance in use after the move, where the handover that it ends led between two. @default that of the tier */
  database?: string | undefined;
}

export type Step = (asked: Asked) => Phase;

export const set =
  (key: string, value: string, path = false) =>
  ({ stack, project }: Asked) =>
    `npx pulumi config set ${path ? "--path " : ""}${project}:${key} ${value} -s ${stack}`;
export const up = ({ stack }: Asked) => `npx pulumi up -s ${stack}`;

export const maintenance =
  (on: boolean): Step =>
  (asked) => ({
    title: on ? "Turn on maintenance" : "Turn off maintenance",
    commands: [set("maintenance", String(on))(asked), up(asked)],
    check: on ? "the product answers with status 503" : "the product answers users again",
  });

export const moveTo =
  (tier: Tier, check: string, keep?: string): Step =>
  (asked) => ({
    title: `Move to ${tier}`,
    commands: [
      ...(keep === undefined ? [] : [set(`keep.${keep}`, "true", true)(asked)]),
      ...(asked.handover ? [set("handover.image", asked.handover.image, true)(asked)] : []),
      set("tier", tier)(asked),
      up(asked),
    ],
    check,
  });

export const byHand =
  (title: string, commands: string[], check: string): Step =>
  () => ({ title, commands, check });
