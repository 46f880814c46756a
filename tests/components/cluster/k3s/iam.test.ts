import { expect } from "chai";
import { nodePolicy } from "../../../../components/cluster/k3s/iam";
import { task } from "./machine";

describe("policy of the node", () => {
  const args = {
    region: "eu-west-1",
    clusterName: "shop-mvp-k3s",
    volumeId: "vol-1",
    allocationId: "eipalloc-1",
    parameterArns: ["arn:aws:ssm:eu-west-1:123456789012:parameter/shop/mvp/k3s/server-ca.crt"],
  };
  const rights = (document: ReturnType<typeof nodePolicy>) =>
    (document.Statement as { Action: string[]; Resource: string | string[]; Condition?: object }[]).flatMap(
      ({ Action, Resource, Condition }) =>
        Action.flatMap((action) =>
          [Resource]
            .flat()
            .map((resource) => `${action} ${resource}${Condition ? ` ${JSON.stringify(Condition)}` : ""}`),
        ),
    );

  it("lets it take its own volume, address and authorities, and nothing else", () => {
    const document = nodePolicy(args);
    expect(document.Version).to.equal("2012-10-17");
    expect((document.Statement as { Sid: string }[]).map(({ Sid }) => Sid)).to.deep.equal([
      "Authorities",
      "FindVolume",
      "TakeVolume",
      "TakeAddress",
      "VolumeForTheNode",
      "AddressForTheNode",
      "Heartbeat",
      "Control",
      "Sessions",
    ]);
    const onlyNode = '{"StringEquals":{"aws:ResourceTag/tierstack:cluster":"shop-mvp-k3s"}}';
    const fromInstance = '{"ArnLike":{"ec2:SourceInstanceARN":"arn:aws:ec2:eu-west-1:*:instance/*"}}';
    expect(rights(document)).to.deep.equal([
      "ssm:GetParameter arn:aws:ssm:eu-west-1:123456789012:parameter/shop/mvp/k3s/server-ca.crt",
      "ec2:DescribeVolumes *",
      "ec2:AttachVolume arn:aws:ec2:eu-west-1:*:volume/vol-1",
      "ec2:AssociateAddress arn:aws:ec2:eu-west-1:*:elastic-ip/eipalloc-1",
      `ec2:AttachVolume arn:aws:ec2:eu-west-1:*:instance/* ${onlyNode}`,
      `ec2:AssociateAddress arn:aws:ec2:eu-west-1:*:instance/* ${onlyNode}`,
      `ec2:AssociateAddress arn:aws:ec2:eu-west-1:*:network-interface/* ${onlyNode}`,
      `ssm:UpdateInstanceInformation arn:aws:ec2:eu-west-1:*:instance/* ${fromInstance}`,
      `ssmmessages:CreateControlChannel * ${fromInstance}`,
      "ssmmessages:CreateDataChannel *",
      "ssmmessages:OpenControlChannel *",
      "ssmmessages:OpenDataChannel *",
    ]);
  });

  it("lets it use the key of the volume, grants for AWS only", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc";
    const more = rights(nodePolicy({ ...args, kmsKeyArn })).slice(rights(nodePolicy(args)).length);
    expect(more).to.deep.equal([
      `kms:Decrypt ${kmsKeyArn}`,
      `kms:DescribeKey ${kmsKeyArn}`,
      `kms:GenerateDataKey ${kmsKeyArn}`,
      `kms:CreateGrant ${kmsKeyArn} {"Bool":{"kms:GrantIsForAWSResource":"true"}}`,
    ]);
  });

  it("lets it do what a task needs besides", () => {
    const more = rights(nodePolicy({ ...args, task }));
    expect(more).to.deep.equal([...rights(nodePolicy(args)), "s3:PutObject arn:aws:s3:::nightly/*"]);
  });
});
