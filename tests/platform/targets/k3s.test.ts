import { expect } from "chai";
import { userDataLimit } from "../../../components/cluster/k3s/user-data";
import { reveal } from "../../../planner/record/values";
import { recordedPlatform } from "../../support/platform";
import type { Recorded } from "../../support/record";
import { onAws } from "../../support/settings";

const { domain: _, hostedZoneId: __, ...withoutDomain } = onAws;
const distribution = (run: Recorded) => run.inputs("tierstack/edge/distribution");
const nginx = (run: Recorded) => run.inputs("tierstack/app/gateway").data["nginx.conf"] as string;

describe("target k3s", () => {
  it("admits requests from the node's Traefik over plain HTTP", async () => {
    const run = await recordedPlatform(onAws);
    expect(run.inputs("tierstack/app/ingress-policy").spec.ingress).to.deep.equal([
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
        ports: [{ protocol: "TCP", port: 10080 }],
      },
    ]);
  });

  it("gives the pods of the application their role through the node", async () => {
    const Statement = { Effect: "Allow" as const, Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-uploads/*" };
    const without = await recordedPlatform(onAws);
    const run = await recordedPlatform({ ...onAws, app: { iamPolicy: { Version: "2012-10-17", Statement } } });
    const added = run.paths.filter((path) => !without.paths.includes(path));
    expect(added).to.deep.equal([
      "tierstack/app-identity",
      "tierstack/app-identity/policy",
      "tierstack/app-identity/role",
      "tierstack/app-identity/token",
    ]);
    const role = "arn:aws:iam::123456789012:role/app-identity-role";
    const { Statement: statements } = JSON.parse(run.inputs("tierstack/cluster/policy").policy);
    expect(statements.filter(({ Action }: { Action: string[] }) => Action.includes("sts:AssumeRole"))).to.deep.equal([
      { Sid: "PodRole", Effect: "Allow", Action: ["sts:AssumeRole"], Resource: role },
    ]);
    expect(run.inputs("tierstack/app-environment/secret").stringData.AWS_CONTAINER_AUTHORIZATION_TOKEN).to.equal(
      "password-of-tierstack-app-identity-token",
    );
    const { userData } = run.at("tierstack/cluster/node/template").inputs as { userData: string };
    const script = Buffer.from(userData, "base64").toString();
    expect(script).to.contain("tierstack-credentials");
    expect(script).to.not.contain("password-of-tierstack-app-identity-token");
    expect(run.inputs("tierstack/cluster/node/template").metadataOptions.httpPutResponseHopLimit).to.equal(1);
  });

  it("verifies the origin: the gateway accepts the secret that CloudFront sends", async () => {
    const run = await recordedPlatform(onAws);
    const secret = "password-of-tierstack-app-origin";
    for (const origin of distribution(run).origins)
      expect(origin.customHeaders).to.deep.equal([{ name: "X-Origin-Verify", value: secret }]);
    expect(nginx(run)).to.contain("map $http_x_origin_verify $origin_verified {");
    expect(run.inputs("tierstack/app/gateway-origin").stringData["origin.conf"]).to.equal(`"~^${secret}$" 1;\n`);
  });

  it("with a domain: HTTPS to the node, a certificate for it, and the domain in front", async () => {
    const run = await recordedPlatform(onAws);
    const address = run
      .inputs("tierstack/edge/distribution")
      .origins.map(
        ({
          originId,
          customOriginConfig,
        }: {
          originId: string;
          customOriginConfig: { originProtocolPolicy: string };
        }) => [originId, customOriginConfig.originProtocolPolicy],
      );
    expect(address).to.deep.equal([
      ["app", "https-only"],
      ["acme-challenge", "http-only"],
    ]);
    expect(distribution(run).aliases).to.deep.equal(["app.example.com"]);
    expect(run.inputs("tierstack/app/ingress/route").metadata.annotations).to.include({
      "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
      "traefik.ingress.kubernetes.io/router.tls.certresolver": "le",
    });
    expect(run.outputs.url).to.equal("https://app.example.com");
  });

  it("without a domain: plain HTTP to the node, on CloudFront's own name", async () => {
    const run = await recordedPlatform(withoutDomain);
    expect(distribution(run).origins).to.have.length(1);
    expect(distribution(run).origins[0].customOriginConfig.originProtocolPolicy).to.equal("http-only");
    expect(distribution(run).aliases).to.equal(undefined);
    expect(run.inputs("tierstack/app/ingress/route").spec.rules[0].host).to.equal(undefined);
    expect(run.outputs.url).to.match(/^https:\/\/d[0-9a-f]+\.cloudfront\.net$/);
  });

  it("creates the ingress after the edge: the challenge for its certificate comes through CloudFront", async () => {
    const run = await recordedPlatform(onAws);
    expect(run.at("tierstack/app/ingress").dependsOn).to.include("tierstack/edge/distribution");
  });

  it("serves maintenance at the edge, not in the gateway", async () => {
    const run = await recordedPlatform({ ...onAws, maintenance: true });
    expect(run.paths).to.include("tierstack/edge/maintenance");
    expect(run.inputs("tierstack/app/gateway").data).to.have.all.keys("nginx.conf");
    expect((await recordedPlatform(onAws)).paths).to.not.include("tierstack/edge/maintenance");
  });

  it("opens managed stores to the node, and only to it", async () => {
    const run = await recordedPlatform({ ...onAws, tier: "startup" });
    const node = run.inputs("tierstack/cluster/security-groups/egress").securityGroupId;
    for (const store of ["postgres", "redis"])
      expect(run.inputs(`tierstack/${store}/access-from-k3s`).referencedSecurityGroupId).to.equal(node);
    expect(run.paths.filter((path) => path.endsWith("access-from-eks"))).to.deep.equal([]);
  });

  it("sends Postgres to the bucket every night, and its log at all times", async () => {
    const run = await recordedPlatform(onAws);
    const { userData } = reveal(run.inputs("tierstack/cluster/node/template")) as { userData: string };
    const script = Buffer.from(userData, "base64").toString();
    expect(script).to.contain(" tierstack-backup@dump.timer tierstack-backup@base.timer tierstack-wal.service");
    expect(run.inputs("tierstack/postgres/cluster/config").data["postgresql.conf"]).to.contain("archive_mode = 'on'");
    expect(run.inputs("tierstack/cluster/policy").policy).to.contain("postgres-dumps-bucket/postgres/*");
  });

  it("sends nothing where Postgres is on RDS, and may not write to the bucket", async () => {
    const run = await recordedPlatform({ ...onAws, tier: "startup" });
    const { userData } = run.inputs("tierstack/cluster/node/template") as { userData: string };
    expect(Buffer.from(userData, "base64").toString()).not.to.match(/tierstack-(backup|wal)/);
    const { policy } = run.inputs("tierstack/cluster/policy");
    expect(policy).not.to.contain("s3:PutObject").and.not.to.contain("cloudwatch:");
    expect(run.paths).to.include("tierstack/postgres-dumps/bucket");
  });

  it("lets the node pull an image from ECR, and changes nothing for other images", async () => {
    const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/shop:1";
    const scriptOf = (run: Recorded) =>
      Buffer.from(run.inputs("tierstack/cluster/node/template").userData, "base64").toString();
    const run = await recordedPlatform({ ...onAws, image });
    expect(scriptOf(run)).to.contain("aws ecr get-login-password").and.contain(" tierstack-backup@dump.timer ");
    expect(run.inputs("tierstack/cluster/policy").policy).to.contain("repository/acme/shop");
    const other = await recordedPlatform(onAws);
    expect(scriptOf(other)).not.to.contain("tierstack-ecr");
    expect(other.inputs("tierstack/cluster/policy").policy).not.to.contain("ecr:");
  });

  it("fits EC2's limit on user data with everything that a stack can ask of its node, and has room for more", async () => {
    const registry = "123456789012.dkr.ecr.ap-southeast-1.amazonaws.com";
    const Statement = { Effect: "Allow" as const, Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-uploads/*" };
    const run = await recordedPlatform({
      ...onAws,
      region: "ap-southeast-1",
      image: `${registry}/acme/shop:1`,
      alertEmail: "operations@example.com",
      app: { iamPolicy: { Version: "2012-10-17", Statement } },
    });
    const script = Buffer.from(run.inputs("tierstack/cluster/node/template").userData, "base64");
    for (const task of ["renewal", "backup", "wal", "ecr", "credentials"])
      expect(script.includes(`tierstack-${task}`)).to.equal(true);
    expect(script.length).to.be.within(12_000, 0.95 * userDataLimit);
  });

  it("asks for keep.nodeState where the next tier up has no node, until it is set", async () => {
    const keep = "Before you move up to EKS, set keep.nodeState to true.";
    const asks = async (stack: object) => {
      const { nextSteps } = (await recordedPlatform({ ...onAws, ...stack })).outputs;
      return (nextSteps as string[]).some((step) => step.startsWith(keep));
    };
    expect(await asks({ tier: "startup" })).to.equal(true);
    expect(await asks({ tier: "startup", keep: { nodeState: true } })).to.equal(false);
    expect(await asks({ tier: "mvp" })).to.equal(false);
  });

  it("states how to reach the cluster, which hop has no TLS, and the remedy for want of spot capacity", async () => {
    const kubectl = "Use kubectl: pulumi stack output kubeconfig --show-secrets > kubeconfig";
    // The first is of every stack on AWS.
    const own = (run: Recorded) => (run.outputs.nextSteps as string[]).slice(1);
    const onDemand = { capacity: "on-demand" } as const;
    expect(own(await recordedPlatform({ ...onAws, nodes: onDemand }))).to.deep.equal([kubectl]);
    expect(own(await recordedPlatform(onAws))).to.deep.equal([
      "AWS may take the spot node back, and the product is down for minutes until the next one is up. If AWS has no spot " +
        "capacity, set nodes.capacity to on-demand (docs/deploying.md#spot).",
      kubectl,
    ]);
    expect(own(await recordedPlatform({ ...withoutDomain, nodes: onDemand }))).to.deep.equal([
      "CloudFront reaches the node over plain HTTP, because a node without a domain cannot have a certificate. Set domain " +
        "and hostedZoneId to encrypt this hop.",
      kubectl,
    ]);
  });
});
