/** How the commands reach what only pods can reach: the stores, and the metrics of pods. */
import type { Readable } from "node:stream";

/** Pods of a Deployment, and a container in them. */
export interface Workload {
  namespace: string;
  /** The Deployment's name, which is the label of its pods. */
  name: string;
  container: string;
}

/** What a program answered. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** What a pod answered. */
export interface Read {
  pod: string;
  text: string;
}

export interface Reach {
  /**
   * Runs a program in one running pod of a workload.
   * @param input  its input, whose end the program has to know: the connection to a pod has none before the program's
   * @throws Failure where there is none, or the program cannot be started
   */
  run(workload: Workload, command: readonly string[], input?: Readable): Promise<Ran>;
  /** Reads a path from a port of every running pod, as from inside the pod. @throws Failure where there is none */
  read(workload: Workload, port: number, path: string): Promise<Read[]>;
}
