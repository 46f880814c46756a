/** A command that migrates the database before a rollout. */
export interface Migrate {
  /** Command of the container. */
  command: string[];
  /** Time after which the migration has failed, with all its attempts, in seconds. */
  deadlineSeconds: number;
  /** CPU request of the container, in millicores. @default the application's */
  cpuMillicores?: number | undefined;
  /** Memory request and limit of the container, in MiB. @default the application's */
  memoryMiB?: number | undefined;
}
