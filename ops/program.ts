import type { Command } from "./command";

/** A program with several commands. */
export interface Program {
  /** Its script in package.json. */
  name: "ops" | "drill";
  /** What it is for, in its help. */
  about: string;
  /** Its page. */
  page: string;
  /** In the order of the help. */
  commands: readonly Command[];
}
