import * as pulumi from "@pulumi/pulumi";
import { versions } from "../../../versions";
import { type NodeFilesArgs, nodeFiles } from "./node-files";
import { scriptFile, withVariables } from "./script";

export interface UserDataArgs extends NodeFilesArgs {
  volumeId: string;
  /** Of the fixed address. */
  allocationId: string;
  /** Where the authorities are in SSM. */
  parameterPath: string;
  /** Whether the spot market may take the instance. */
  spot: boolean;
}

/** Bytes that EC2 takes, before base64. */
export const userDataLimit = 16384;

/** The script that brings up the node, with its values. Anybody on the node can read it: no secrets. */
export function userData(args: UserDataArgs): string {
  const script = withVariables(scriptFile("user-data.sh"), {
    REGION: args.region,
    VOLUME_ID: args.volumeId,
    ALLOCATION_ID: args.allocationId,
    ADDRESS: args.address,
    PARAMETER_PATH: args.parameterPath,
    K3S_VERSION: versions.k3s,
    K3S_SHA256: versions.k3sSha256,
    SERVICES: [...(args.spot ? ["tierstack-watch.service"] : []), ...(args.dumpBucket ? ["tierstack-dump.timer"] : [])],
    FILES: nodeFiles(args),
  });
  const bytes = Buffer.byteLength(script);
  if (bytes <= userDataLimit) return script;
  throw new pulumi.RunError(
    `user data of the k3s node: given ${bytes} bytes; allowed: ${userDataLimit}; fix: fewer or shorter extraManifests`,
  );
}
