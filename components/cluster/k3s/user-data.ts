import * as pulumi from "@pulumi/pulumi";
import { swapMiB } from "../../../tiers/k3s-memory";
import { formatProblem } from "../../../tiers/problem";
import { versions } from "../../../versions";
import { readScript } from "../../support/file";
import { withVariables } from "../../support/shell";
import { type NodeFilesArgs, nodeFiles } from "./node-files";
import type { NodeTask } from "./node-task";
import { certificateRenewal } from "./renewal";

export interface UserDataArgs extends NodeFilesArgs {
  region: string;
  volumeId: string;
  /** Allocation ID of the Elastic IP. */
  allocationId: string;
  /** Prefix of the SSM parameters that contain the certificate authorities. */
  parameterPath: string;
  /** @default none */
  task?: Pick<NodeTask, "files" | "units">;
  /** Whether AWS may reclaim the instance. */
  spot: boolean;
}

/** Folder of the units. The script has it once: each of them is there by its name. */
const unitsFolder = /^\/etc\/systemd\/system\//;

/** EC2's limit on user data in bytes, before base64 encoding. */
export const userDataLimit = 16384;

/**
 * Returns the user data script with its values. It contains no secrets, because any process on the node can read it.
 * Throws a RunError if it exceeds `userDataLimit`.
 */
export function userData(args: UserDataArgs): string {
  const script = withVariables(readScript(__dirname, "user-data.sh"), {
    REGION: args.region,
    VOLUME_ID: args.volumeId,
    ALLOCATION_ID: args.allocationId,
    ADDRESS: args.address,
    PARAMETER_PATH: args.parameterPath,
    K3S_VERSION: versions.k3s,
    K3S_SHA256: versions.k3sSha256,
    SWAP_MIB: String(swapMiB),
    SERVICES: [
      ...(args.spot ? ["tierstack-watch.service"] : []),
      ...certificateRenewal().units,
      ...(args.task?.units ?? []),
    ],
    FILES: Object.fromEntries(
      Object.entries(nodeFiles(args)).map(([path, content]) => [path.replace(unitsFolder, ""), content]),
    ),
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
