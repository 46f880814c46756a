/** What a user sets of a handover. */
export interface HandoverSettings {
  /** Image of the engine, for the nodes' architecture. */
  image: string;
  /** Who switches: a person, by a command, or the engine, as soon as both databases are equal. */
  switch: "manual" | "automatic";
  /**
   * The longest pause of the switch, in milliseconds, 100 to 20,000: less than PgBouncer lets a query wait. Beyond it the
   * switch is given up, and tried again later.
   */
  maxPauseMs: number;
  /** Whether the clients have been switched: PgBouncer's pods then start with the database that the handover leads to. */
  switched: boolean;
}

/** Name of the Job, its objects and its pods. */
export const handoverName = "handover";

/** Port of the k3s node at which RDS reads from the in-cluster Postgres: one of those that Kubernetes gives to NodePorts. */
export const replicationNodePort = 30432;
