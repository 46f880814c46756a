import { CloudFront } from "@aws-sdk/client-cloudfront";
import { EC2 } from "@aws-sdk/client-ec2";
import { KMS } from "@aws-sdk/client-kms";
import { Route53 } from "@aws-sdk/client-route-53";
import { expect } from "chai";
import { Aws } from "../../planner/preflight/aws";
import type { Finding, Sources } from "../../planner/preflight/check";
import { images } from "../../planner/preflight/checks/images";
import type { Needs } from "../../planner/preflight/needs";
import { preflight } from "../../planner/preflight/preflight";
import { dnsOf, needs, registriesOf } from "../planner/preflight/support";
import { type Moto, StandIn, startMoto } from "./support/moto";

const region = "us-east-1";
const services = ["SERVICE_QUOTAS", "EKS", "ELASTICACHE", "RDS", "IAM"];

const podinfo = "ghcr.io/stefanprodan/podinfo:6.15.0";

/** What moto does not answer, in the shape that AWS documents (the API reference of each service). */
const xml = (operation: string, result: string) =>
  `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;

/** Answers as of an account that can hold every stack; `less` takes something away. */
const answers = (less: boolean): StandIn["answers"] => ({
  // moto knows the quotas of VPC only.
  GetServiceQuota: ({ body }) => ({
    Quota: { QuotaCode: JSON.parse(body).QuotaCode, Value: less ? 1 : 64 },
  }),
  "/cluster-versions": () => ({
    clusterVersions: [{ clusterVersion: "1.36", versionStatus: less ? "EXTENDED_SUPPORT" : "STANDARD_SUPPORT" }],
  }),
  DescribeCacheEngineVersions: () => {
    const one = "<CacheEngineVersion><Engine>valkey</Engine><EngineVersion>8.1</EngineVersion></CacheEngineVersion>";
    return xml("DescribeCacheEngineVersions", `<CacheEngineVersions>${less ? "" : one}</CacheEngineVersions>`);
  },
  DescribeOrderableDBInstanceOptions: () => {
    const one = "<OrderableDBInstanceOption><Engine>postgres</Engine></OrderableDBInstanceOption>";
    const list = `<OrderableDBInstanceOptions>${less ? "" : one}</OrderableDBInstanceOptions>`;
    return xml("DescribeOrderableDBInstanceOptions", list);
  },
  DescribeSourceRegions: () => {
    const supports = `<SupportsDBInstanceAutomatedBackupsReplication>${!less}</SupportsDBInstanceAutomatedBackupsReplication>`;
    const one = `<SourceRegion><RegionName>${region}</RegionName>${supports}</SourceRegion>`;
    return xml("DescribeSourceRegions", `<SourceRegions>${one}</SourceRegions>`);
  },
  SimulatePrincipalPolicy: ({ body }) => {
    const names = [...new URLSearchParams(body)].flatMap(([key, value]) =>
      key.startsWith("ActionNames.") ? [value] : [],
    );
    const members = names.map((name) => {
      const decision = less && name === "eks:CreateCluster" ? "implicitDeny" : "allowed";
      return `<member><EvalActionName>${name}</EvalActionName><EvalDecision>${decision}</EvalDecision></member>`;
    });
    return xml("SimulatePrincipalPolicy", `<EvaluationResults>${members.join("")}</EvaluationResults>`);
  },
  // A user: moto signs everybody in as one session of a role that it does not have.
  GetRole: () => xml("GetRole", "<Role><Arn>arn:aws:iam::123456789012:role/deploy</Arn></Role>"),
});

const distribution = {
  CallerReference: "1",
  Comment: "",
  Enabled: true,
  Origins: { Quantity: 1, Items: [{ Id: "a", DomainName: "example.com" }] },
  DefaultCacheBehavior: { TargetOriginId: "a", ViewerProtocolPolicy: "redirect-to-https" as const },
};

describe("pre-flight, against moto", () => {
  let moto: Moto;
  const standIn = new StandIn();
  const environment = { ...process.env };

  before(async function () {
    this.timeout(400_000);
    const started = await startMoto();
    if (!started) return this.skip();
    moto = started;
    await standIn.start();
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL: moto.url,
      ...Object.fromEntries(services.map((service) => [`AWS_ENDPOINT_URL_${service}`, standIn.url])),
    });
  });

  after(() => {
    moto?.process.kill();
    standIn.stop();
    for (const key of Object.keys(process.env)) if (!(key in environment)) delete process.env[key];
  });

  /** Findings by check, each as a line. */
  async function findings(of: Needs, less: boolean, dns = dnsOf()): Promise<Record<string, string[]>> {
    standIn.answers = answers(less);
    const registries = registriesOf(less ? {} : { [podinfo]: ["linux/amd64", "linux/arm64"] });
    const reports = await preflight(of, { aws: new Aws(region), dns, registries });
    const line = (finding: Finding) => {
      if (finding.status === "fine") return `ok: ${finding.text}`;
      if (finding.status === "unchecked") return `not checked: ${finding.reason}`;
      if (finding.status === "unknown") return `unknown: ${finding.reason}`;
      return `${finding.problem.where}: ${finding.problem.given}`;
    };
    return Object.fromEntries(reports.map((report) => [report.name, report.findings.map(line)]));
  }

  it("fails each check of a move to Scale in an account that lacks everything", async () => {
    const scale = await needs("scale", "startup");
    scale.zones = ["use1-az1", "use1-az9"];
    for (const one of scale.compute) one.instanceTypes = ["t4g.colossal"];
    const dns = dnsOf({ "example.com": [{ critical: 0, issue: "letsencrypt.org" }] });
    const found = await findings(scale, true, dns);
    const { hostedZoneId } = scale.domain as { hostedZoneId: string };
    expect(found.zones).to.deep.equal(["network.zones: use1-az9, which this account cannot use"]);
    expect(found["EKS version"]).to.deep.equal(["EKS version: 1.36, with the status EXTENDED_SUPPORT"]);
    expect(found["RDS version and class"]?.[0]).to.contain("which us-east-1 does not offer");
    expect(found["ElastiCache version"]).to.deep.equal([
      "ElastiCache version: valkey 8.1, which us-east-1 does not offer",
    ]);
    expect(found["hosted zone"]).to.deep.equal([`hostedZoneId: ${hostedZoneId}, which this account does not have`]);
    expect(found["certificate authorities (CAA)"]).to.deep.equal(["CAA of example.com: issue letsencrypt.org"]);
    expect(found["backup copies"]?.[0]).to.contain("to which RDS does not copy backups of us-east-1");
    expect(found.CloudFront?.[0]).to.match(/^unknown: AWS tells only when the first distribution is created/);
    expect(found["container images"]).to.deep.equal([`image: ${podinfo}, which ghcr.io does not show`]);
    expect(found.permissions?.[0]).to.contain("which may not eks:CreateCluster");
    expect(found["instance types"]?.[0]).to.contain("t4g.colossal, none of which use1-az1 offers");
    expect(found.quotas?.map((text) => text.split(":")[0])).to.deep.equal([
      "On-Demand vCPUs (standard families)",
      "Spot vCPUs (standard families)",
      "Elastic IP addresses",
      "VPCs",
    ]);
  });

  it("says that it could not ask where AWS denies it", async () => {
    standIn.answers = {};
    const reports = await preflight(await needs("growth"), {
      aws: new Aws(region),
      dns: dnsOf(),
      registries: registriesOf(),
    });
    const open = reports.filter(({ findings: [first] }) => first?.status === "unchecked").map(({ name }) => name);
    expect(open).to.include.members(["quotas", "EKS version", "ElastiCache version", "permissions"]);
  });

  it("is fine in an account that has everything", async () => {
    const options = { region };
    const { HostedZone, DelegationSet } = await new Route53(options).createHostedZone({
      Name: "example.com",
      CallerReference: "1",
    });
    await new CloudFront(options).createDistribution({ DistributionConfig: distribution });
    const startup = await needs("startup");
    const name = "al2023-ami-2023.12.20260918.0-kernel-6.1-arm64";
    await new EC2(options).registerImage({ Name: name, Architecture: "arm64" });
    // Its owner is the account of moto.
    for (const { arguments: asked } of startup.plan.lookUps) if (asked.owners) asked.owners = ["123456789012"];
    const scale = await needs("scale");
    for (const of of [startup, scale]) {
      const { name: domain } = of.domain as { name: string };
      of.domain = { name: domain, hostedZoneId: HostedZone?.Id?.replace("/hostedzone/", "") as string };
      const found = await findings(of, false, dnsOf({}, { "example.com": DelegationSet?.NameServers ?? [] }));
      expect(
        Object.values(found)
          .flat()
          .filter((text) => !text.startsWith("ok: ")),
      ).to.deep.equal([]);
    }
  });

  it("knows an enabled KMS key, and one that is not", async () => {
    const kms = new KMS({ region });
    const { KeyMetadata } = await kms.createKey({ KeyUsage: "ENCRYPT_DECRYPT" });
    const mvp = { ...(await needs("mvp")), kmsKeyArn: KeyMetadata?.Arn };
    expect((await findings(mvp, false))["KMS key"]).to.deep.equal([`ok: ${KeyMetadata?.Arn} is enabled`]);
    await kms.disableKey({ KeyId: KeyMetadata?.KeyId });
    expect((await findings(mvp, false))["KMS key"]).to.deep.equal(["kmsKeyArn: a key in state Disabled"]);
    const kmsKeyArn = `arn:aws:kms:${region}:123456789012:key/00000000-0000-4000-8000-000000000000`;
    expect((await findings({ ...mvp, kmsKeyArn }, false))["KMS key"]).to.deep.equal([
      `kmsKeyArn: ${kmsKeyArn}, which does not exist`,
    ]);
  });

  it("signs in to ECR with the caller's own rights", async () => {
    const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1.0.0";
    const logins: unknown[] = [];
    const registries: Sources["registries"] = {
      platforms: async (_, login) => {
        logins.push(login);
        return ["linux/arm64"];
      },
    };
    const mvp = { ...(await needs("mvp")), images: [image] };
    const found = await images.run(mvp, { aws: new Aws(region), dns: dnsOf(), registries });
    expect(found).to.deep.equal([{ status: "fine", text: `${image} has linux/arm64` }]);
    // moto's token.
    expect(logins).to.deep.equal([{ username: "AWS", password: "123456789012-auth-token" }]);
  });

  it("counts what others run against the quotas", async () => {
    const ec2 = new EC2({ region });
    const { Images = [] } = await ec2.describeImages({ Owners: ["123456789012"] });
    await ec2.runInstances({
      ImageId: Images[0]?.ImageId as string,
      InstanceType: "m5.xlarge",
      MinCount: 1,
      MaxCount: 1,
    });
    await ec2.allocateAddress({ Domain: "vpc" });
    const { quotas } = await findings(await needs("startup"), false);
    expect(quotas?.[0]).to.match(/^ok: On-Demand vCPUs \(standard families\): 2 of 64, others use 4$/);
    expect(quotas?.[1]).to.equal("ok: Elastic IP addresses: 1 of 64, others use 1");
  });
});
