import { expect } from "chai";
import { PodIdentity } from "../../../components/identity/pod-identity";
import type { IamPolicy } from "../../../components/identity/policy";
import { recorded } from "../../support/record";

const policy: IamPolicy = {
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-uploads/*" },
};

async function run(preview = false) {
  let made: PodIdentity | undefined;
  const record = await recorded(
    () => {
      made = new PodIdentity("identity", {
        clusterName: "shop",
        region: "eu-west-1",
        namespace: { name: "app" },
        serviceAccounts: ["app", "worker"],
        policy,
      });
      return { version: made.version };
    },
    { preview },
  );
  return { record, made: made as PodIdentity };
}

describe("PodIdentity", () => {
  it("is a role with the user's policy", async () => {
    const { record } = await run();
    expect(record.problems).to.deep.equal([]);
    expect(record.paths).to.deep.equal([
      "identity",
      "identity/app",
      "identity/policy",
      "identity/role",
      "identity/worker",
    ]);
    expect(JSON.parse(record.inputs("identity/policy").policy)).to.deep.equal(policy);
  });

  it("is for pods of its cluster, namespace and service accounts", async () => {
    const { record } = await run();
    expect(JSON.parse(record.inputs("identity/role").assumeRolePolicy)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Condition: {
            StringEquals: {
              "aws:RequestTag/eks-cluster-name": "shop",
              "aws:RequestTag/kubernetes-namespace": "app",
              "aws:RequestTag/kubernetes-service-account": ["app", "worker"],
            },
          },
        },
      ],
    });
    expect(record.inputs("identity/worker")).to.deep.equal({
      clusterName: "shop",
      namespace: "app",
      serviceAccount: "worker",
      roleArn: record.inputs("identity/app").roleArn,
    });
    expect(record.at("identity/worker").dependsOn).to.deep.equal(["identity/policy", "identity/role"]);
  });

  it("gives pods their region; EKS gives them the rest, once there are associations", async () => {
    const { made, record } = await run();
    expect(made.environment).to.deep.equal({ AWS_REGION: "eu-west-1" });
    expect(made.secrets).to.deep.equal({});
    expect(made.port).to.equal(80);
    expect(String(record.outputs.version).split(",")).to.have.length(2);
    expect((await run(true)).record.problems).to.deep.equal([]);
  });
});
