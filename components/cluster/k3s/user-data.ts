import * as pulumi from "@pulumi/pulumi";
import { formatProblem } from "../../../tiers/problem";
import { versions } from "../../../versions";
import { readScript } from "../../support/file";
import { withVariables } from "../../support/shell";
import { type NodeFilesArgs, nodeFiles } from "./node-files";
import type { NodeTask } from "./node-task";

export interface UserDataArgs extends NodeFilesArgs {
  region: string;
  volumeId: string;
  /** Of the fixed address. */
  allocationId: string;
  /** Where the authorities are in SSM. */
  parameterPath: string;
  /** @default none */
  task?: Pick<NodeTask, "files" | "units">;
  /** Whether the spot market may take the instance. */
  spot: boolean;
}

/** Bytes that EC2 takes, before base64. */
export const userDataLimit = 16384;

/** The script that brings up the node, with its values. Anybody on the node can read it: no secrets. */
export function userData(args: UserDataArgs): string {
  const script = withVariables(readScript(__dirname, "user-data.sh"), {
    REGION: args.region,
    VOLUME_ID: args.volumeId,
    ALLOCATION_ID: args.allocationId,
    ADDRESS: args.address,
    PARAMETER_PATH: args.parameterPath,
    K3S_VERSION: versions.k3s,
    K3S_SHA256: versions.k3sSha256,
    SERVICES: [...(args.spot ? ["tierstack-watch.service"] : []), ...(args.task?.units ?? [])],
    FILES: nodeFiles(args),
  });
  const bytes = Buffer.byteLength(script);
  if (bytes <= userDataLimit) return script;
  throw new pulumi.RunError(
    formatProblem({
      where: "user data of the k3s node",
      given: `${bytes} bytes`,
      allowed: `at most ${userDataLimit} bytes`,
      fix: "shorten the files of its tasks",
    }),
  );
}
