import { expect } from "chai";
import { flowLogsPolicy, flowLogsTrust } from "../../../components/network/flow-logs";

describe("flow logs", () => {
  it("lets only the service use the role, for this account and region", () => {
    expect(flowLogsTrust("123456789012", "eu-west-1")).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": "arn:aws:ec2:eu-west-1:123456789012:vpc-flow-log/*" },
          },
        },
      ],
    });
  });

  it("allows writing to the one log group and nothing else", () => {
    const group = "arn:aws:logs:eu-west-1:123456789012:log-group:flow";
    expect(flowLogsPolicy(group)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: [group, `${group}:*`],
        },
      ],
    });
  });
});
