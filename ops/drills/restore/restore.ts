import { restoreDrills } from "../../../components/observability/drill-leases";
import { isManaged } from "../../account/managed-stores";
import type { Drill } from "../drill";
import { inCluster } from "./in-cluster";
import { managed } from "./managed";

export const restore: Drill = {
  name: "restore",
  summary: "restore the newest backup of Postgres beside it, and check it",
  usage: ["restore"],
  about: [
    "Restores the newest backup beside the running database, never over it, and compares both: schema, extensions, applied migrations, row " +
      "counts and checksums of each table. It only reads the running database, and writes one message to its log, to measure when that can " +
      "be restored. Do not run it during a deployment: a change of a table waits while that table is read.",
    "In the cluster, it takes the newest base backup and the log from the bucket, and restores them in a pod of their own with restore.sh. " +
      "RTO is the time from the start of the pod to a server that answers, RPO the time until the message is in the bucket. It needs the " +
      "AWS CLI with rights to read the bucket, twice the backup's size on this machine's disk, and about 100 MiB of memory on the node.",
    "On RDS, it restores into an instance of its own, DATABASE-drill, with the class, the network and the parameters of the one in use, and " +
      "reads both from a pod in the cluster. The question says what the instance costs. RTO is the time from the request to an instance " +
      "that answers, RPO the time until RDS can restore the message. The instance is deleted at the end, also where the drill fails or is interrupted. The stack's " +
      "outputs say which database is in use, so name the stack.",
  ],
  options: [],
  examples: [
    ["restore", "once"],
    ["restore --yes", "each week, by a timer of yours; exit code 1 is the alarm"],
  ],
  stack: "mvp",
  words: 0,
  prepare: async (context) => {
    const address = await context.world.output?.("databaseEndpoint");
    return address !== undefined && isManaged(address)
      ? { ...(await managed(context, address)), keptAs: restoreDrills.managed }
      : inCluster(context);
  },
};
