import { createHash } from "node:crypto";
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { NodeTask } from "../cluster/k3s/node-task";
import { readScript } from "../support/file";
import { withVariables } from "../support/shell";
import { systemdUnit } from "../support/systemd";
import { stackTags } from "../support/tags";
import { credentialsAddress, credentialsPath, type WorkloadIdentity } from "./identity";
import { PodRole } from "./pod-role";
import type { IamPolicy } from "./policy";

/** Port of the credentials. Not 80: k3s sends port 80 of every address of the node to Traefik. */
const credentialsPort = 9400;

const program = "/usr/local/sbin/tierstack-credentials";
const unitFolder = "/etc/systemd/system";

export interface NodeIdentityArgs {
  /** Id of the account. */
  accountId: pulumi.Input<string>;
  /** AWS region of the node. Pods get it as AWS_REGION. */
  region: string;
  project: string;
  stack: string;
  /** What the pods may do. */
  policy: IamPolicy;
}

/**
 * Returns the trust policy: roles of this stack that have the permission, which is the node's only. The node's role is
 * created after this one, so the policy goes by the tags that the provider sets on every role of the stack.
 */
function nodeIdentityTrust(
  account: string,
  names: Pick<NodeIdentityArgs, "project" | "stack">,
): aws.iam.PolicyDocument {
  const tags = Object.entries(stackTags(names)).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: Object.fromEntries(tags) },
      },
    ],
  };
}

/**
 * Returns the node task that serves the pods credentials of their role.
 * @param tokenSha256  of the token that pods authorize themselves with; the user data holds no secret
 */
export function credentialsTask(region: string, roleArn: string, tokenSha256: string): NodeTask {
  const script = withVariables(readScript(__dirname, "credentials.sh"), {
    REGION: region,
    ROLE_ARN: roleArn,
    TOKEN_SHA256: tokenSha256,
    REQUEST_PATH: credentialsPath,
  });
  const units = {
    "tierstack-credentials.socket": systemdUnit({
      Unit: { Description: "Credentials of the application's pods" },
      Socket: {
        ExecStartPre: `/usr/sbin/ip address replace ${credentialsAddress}/32 dev lo`,
        ListenStream: `${credentialsAddress}:${credentialsPort}`,
        Accept: "yes",
        MaxConnections: "64",
      },
    }),
    "tierstack-credentials@.service": systemdUnit({
      Unit: { Description: "Answer to a pod that asks for credentials" },
      Service: {
        ExecStart: `${program} serve`,
        StandardInput: "socket",
        StandardError: "journal",
        RuntimeMaxSec: "10",
      },
    }),
    "tierstack-credentials-refresh.service": systemdUnit({
      Unit: { Description: "Credentials of the application's role" },
      Service: { Type: "oneshot", ExecStart: `${program} refresh`, Restart: "on-failure", RestartSec: "30" },
    }),
    "tierstack-credentials-refresh.timer": systemdUnit({
      Unit: { Description: "New credentials, long before the last ones expire" },
      Timer: { OnActiveSec: "0", OnUnitActiveSec: "20min" },
    }),
  };
  return {
    files: {
      [program]: script,
      ...Object.fromEntries(Object.entries(units).map(([name, unit]) => [`${unitFolder}/${name}`, unit])),
    },
    units: ["tierstack-credentials.socket", "tierstack-credentials-refresh.timer"],
    statements: [{ Sid: "PodRole", Effect: "Allow", Action: ["sts:AssumeRole"], Resource: roleArn }],
  };
}

/**
 * An IAM role for pods on a k3s node. k3s has no Pod Identity, and a role of the node that every pod could take would
 * hand its own permissions to all of them. So the node takes the role for the pods, and serves the credentials at the
 * address and in the form of EKS. It answers pods that the network policy admits and that know the token.
 */
export class NodeIdentity extends PodRole implements WorkloadIdentity {
  readonly environment: Record<string, string>;
  readonly secrets: Record<string, pulumi.Output<string>>;
  readonly version: pulumi.Output<string>;
  readonly port = credentialsPort;
  /** Work of the node. */
  readonly task: pulumi.Output<NodeTask>;

  constructor(name: string, args: NodeIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super(name, opts);
    const { accountId, region, policy } = args;
    const trust = pulumi.output(accountId).apply((account) => nodeIdentityTrust(account, args));
    const role = this.role(trust, policy);
    const { result } = new random.RandomPassword(this.named("token"), { length: 48, special: false }, this.child);
    const token = pulumi.secret(result);
    const tokenSha256 = pulumi.unsecret(token.apply((text) => createHash("sha256").update(text).digest("hex")));
    this.environment = {
      AWS_REGION: region,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://${credentialsAddress}:${credentialsPort}${credentialsPath}`,
    };
    this.secrets = { AWS_CONTAINER_AUTHORIZATION_TOKEN: token };
    this.version = pulumi.all([role.arn, role.permissions.id]).apply(([arn]) => arn);
    this.task = pulumi.all([role.arn, tokenSha256]).apply(([arn, sha256]) => credentialsTask(region, arn, sha256));
    this.registerOutputs({ roleArn: role.arn });
  }
}
