import { expect } from "chai";
import { policyProblems } from "../../../../components/identity/policy";
import { cloudwatchExporter, readsFigures } from "../../../../components/observability/cloudwatch/exporter";
import type { Policy } from "../../../../scripts/deploy-role/statements";
import { isAllowed } from "../../../support/iam";

describe("exporter of CloudWatch's figures", () => {
  it("reads its configuration and nothing else, and looks every five minutes", () => {
    const { args, volumeMounts, env, ports } = cloudwatchExporter("cloudwatch");
    expect(args).to.deep.equal([
      "--config.file=/etc/yace/cloudwatch.yml",
      "--listen-address=:5000",
      "--scraping-interval=300",
      "--log.level=error",
    ]);
    expect(volumeMounts).to.deep.equal([{ name: "cloudwatch", mountPath: "/etc/yace", readOnly: true }]);
    expect({ env, ports }).to.deep.equal({ env: [{ name: "GOMEMLIMIT", value: "51MiB" }], ports: undefined });
  });

  it("may read statistics of metrics, and nothing else of CloudWatch or the account", () => {
    const policy = { Version: "2012-10-17", Statement: [readsFigures] } as unknown as Policy;
    expect(policyProblems("policy", { ...policy })).to.deep.equal([]);
    const may = (action: string) => isAllowed([policy], { action, resource: "*", context: {} });
    expect(may("cloudwatch:GetMetricStatistics")).to.equal(true);
    for (const action of [
      "cloudwatch:GetMetricData",
      "cloudwatch:ListMetrics",
      "cloudwatch:PutMetricData",
      "cloudwatch:SetAlarmState",
      "iam:ListAccountAliases",
      "sns:Publish",
      "tag:GetResources",
    ])
      expect(may(action), action).to.equal(false);
  });
});
