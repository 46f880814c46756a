import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";
import { readsFigures } from "../../../components/observability/cloudwatch/exporter";
import type { SettingsInput } from "../../../config/schema";
import { changesBetween } from "../../../planner/move/changes";
import type { PlannedResource } from "../../../planner/record/planned";
import { recordedPlatform } from "../../support/platform";
import { completeMail, onAws } from "../../support/settings";

const growth = { ...onAws, tier: "growth" as const };
/** On k3s, with room for what watches. */
const startup = { ...onAws, tier: "startup" as const, nodes: { dataVolumeGiB: 40 } };

describe("target eks", () => {
  it("admits requests from the load balancer's subnets over TLS, and from nowhere else in the VPC", async () => {
    const run = await recordedPlatform(growth);
    const subnets = run
      .at("tierstack/app/ingress/alb")
      .dependsOn.filter((path) => run.at(path).type === "aws:ec2/subnet:Subnet")
      .map((path) => run.inputs(path).cidrBlock);
    expect(subnets).to.deep.equal(["10.20.128.0/20", "10.20.144.0/20", "10.20.160.0/20"]);
    expect(run.inputs("tierstack/app/ingress-policy").spec.ingress).to.deep.equal(
      subnets.map((cidr) => ({ from: [{ ipBlock: { cidr } }], ports: [{ protocol: "TCP", port: 10443 }] })),
    );
  });

  it("gives the pod that watches the product a role, for what each of its parts does and no more", async () => {
    const observability = { enabled: true };
    const mailed = { alertEmail: "ops@example.com", observability: { ...observability, mail: completeMail } };
    const identity = "tierstack/monitor-identity";
    const statementsOf = async (settings: Partial<SettingsInput>) => {
      const run = await recordedPlatform({ ...growth, ...settings });
      const { namespace, serviceAccount } = run.inputs(`${identity}/monitor`);
      expect({ namespace, serviceAccount }).to.deep.equal({ namespace: "observability", serviceAccount: "monitor" });
      const reads = run.inputs("tierstack/observability/policy").spec.egress.slice(-2);
      expect(reads).to.deep.equal([
        { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [{ protocol: "TCP", port: 80 }] },
        {
          to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ]);
      return JSON.parse(run.inputs(`${identity}/policy`).policy).Statement;
    };
    const [heartbeat, ...figures] = await statementsOf(mailed);
    expect(heartbeat).to.include({ Effect: "Allow", Action: "sns:Publish" });
    expect(heartbeat.Resource).to.match(/^arn:aws:sns:[^*]+$/);
    expect(figures).to.deep.equal([readsFigures]);
    expect(await statementsOf({ observability })).to.deep.equal([readsFigures]);
    expect((await recordedPlatform(growth)).paths.filter((path) => path.startsWith(identity))).to.deep.equal([]);
    const onK3s = await recordedPlatform({ ...startup, ...mailed });
    expect(onK3s.paths.filter((path) => path.startsWith(identity))).to.deep.equal([]);
    expect(onK3s.inputs("tierstack/observability/config").data).to.not.have.property("cloudwatch.yml");
  });

  it("takes over the role that was the heartbeat's: EKS refuses a second association of its service account", async () => {
    const observability = { enabled: true, mail: completeMail };
    const { resources } = await recordedPlatform({ ...growth, alertEmail: "ops@example.com", observability });
    const [now, then] = ["tierstack/monitor-identity", "tierstack/heartbeat/identity"];
    const former = (path: string) => path.replace(now, then);
    const before = resources.map((resource): PlannedResource => {
      const { path, parent, name, inputs, options } = resource;
      if (!path.startsWith(now)) return resource;
      return {
        ...resource,
        path: former(path),
        name: name.replace("monitor-identity", "heartbeat-identity"),
        parent: path === now ? "tierstack/heartbeat" : former(String(parent)),
        ...("description" in inputs && { inputs: { ...inputs, description: "The heartbeat of Alertmanager" } }),
        options: { ...options, aliases: [], ignoreChanges: [] },
      };
    });
    expect(before.filter(({ path }) => path.startsWith(then)).map(({ name }) => name)).to.have.members([
      "heartbeat-identity",
      "heartbeat-identity-monitor",
      "heartbeat-identity-policy",
      "heartbeat-identity-role",
    ]);
    expect(changesBetween(before, resources).map(({ action, path }) => [action, path])).to.deep.equal([]);
  });

  it("retains metrics and logs until allowDestroy: their volumes are disks of their own", async () => {
    const observability = { enabled: true, logsGiB: 4 };
    const kept = [
      "tierstack/namespaces/observability",
      "tierstack/observability/metrics-disk",
      "tierstack/observability/logs/store/logs-disk",
    ];
    const retained = async (settings: SettingsInput, paths = kept) => {
      const run = await recordedPlatform({ ...settings, observability });
      return paths.map((path) => run.at(path).options).map(({ protect, retainOnDelete }) => [protect, retainOnDelete]);
    };
    const stays = kept.map(() => [false, true]);
    expect(await retained(growth)).to.deep.equal(stays);
    expect(await retained({ ...growth, allowDestroy: true })).to.deep.equal(kept.map(() => [false, false]));
    const onNode = kept.map((path) => path.replace(/-disk$/, ""));
    expect(await retained({ ...startup, allowDestroy: true }, onNode)).to.deep.equal(stays);
  });

  it("has volumes of its own for metrics and logs: a move from or to k3s creates them, and leaves the others", async () => {
    const observability = { enabled: true, logsGiB: 4 };
    const planned = async (settings: SettingsInput) =>
      (await recordedPlatform({ ...settings, observability })).resources;
    const [onNode, onDisks] = [await planned(startup), await planned(growth)];
    const claims = (before: PlannedResource[], after: PlannedResource[]) =>
      changesBetween(before, after)
        .filter(({ path, data }) => data && path.startsWith("tierstack/observability/"))
        .map(({ action, path }) => [action, path.replace("tierstack/observability/", "")]);
    const [node, disks] = [
      ["metrics", "logs/store/logs"],
      ["metrics-disk", "logs/store/logs-disk"],
    ];
    expect(claims(onNode, onDisks)).to.have.deep.members([
      ...node.map((path) => ["retained", path]),
      ...disks.map((path) => ["create", path]),
    ]);
    expect(claims(onDisks, onNode)).to.have.deep.members([
      ...disks.map((path) => ["retained", path]),
      ...node.map((path) => ["create", path]),
    ]);
  });

  it("gives the pods of the application their role, and restarts them for it", async () => {
    const Statement = { Effect: "Allow" as const, Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-uploads/*" };
    const stack = { ...growth, queues: [{ name: "mail" }] };
    const without = await recordedPlatform(stack);
    const run = await recordedPlatform({ ...stack, app: { iamPolicy: { Version: "2012-10-17", Statement } } });
    const added = run.paths.filter((path) => !without.paths.includes(path));
    expect(added).to.deep.equal([
      "tierstack/app-identity",
      "tierstack/app-identity/app",
      "tierstack/app-identity/migrate",
      "tierstack/app-identity/policy",
      "tierstack/app-identity/role",
      "tierstack/app-identity/schedule",
      "tierstack/app-identity/worker",
    ]);
    const changed = run.resources
      .filter(({ path, inputs }) => !added.includes(path) && !isDeepStrictEqual(inputs, without.at(path).inputs))
      .map(({ path }) => path);
    expect(changed).to.deep.equal([
      "tierstack/app-environment/secret",
      "tierstack/app-environment/secret-suffix",
      "tierstack/app/deployment",
      "tierstack/app/egress-policy",
      "tierstack/workers/policy",
      "tierstack/workers/pool-mail",
    ]);
    for (const path of ["tierstack/app/deployment", "tierstack/workers/pool-mail"]) {
      expect(run.inputs(path).spec.template.spec.containers[0].env).to.deep.include({
        name: "AWS_REGION",
        value: "us-east-1",
      });
      expect(run.at(path).dependsOn).to.include("tierstack/app-identity/worker");
    }
    const own = { iamPolicy: { Version: "2012-10-17" as const, Statement }, environment: { AWS_REGION: "eu-west-1" } };
    const { env } = (await recordedPlatform({ ...stack, app: own })).inputs("tierstack/app/deployment").spec.template
      .spec.containers[0];
    expect(env.filter(({ name }: { name: string }) => name === "AWS_REGION")).to.deep.equal([
      { name: "AWS_REGION", value: "eu-west-1" },
    ]);
  });

  it("verifies no origin: only CloudFront reaches the internal load balancer", async () => {
    const run = await recordedPlatform(growth);
    expect(run.paths).to.not.include("tierstack/app/origin");
    expect(run.inputs("tierstack/app/gateway").data["nginx.conf"]).to.not.contain("origin_verified");
    expect(run.inputs("tierstack/edge/distribution").origins[0].customHeaders).to.equal(undefined);
  });

  it("puts the edge in front of the load balancer, with the region's certificate on it", async () => {
    const run = await recordedPlatform({ ...growth, region: "eu-west-1" });
    const [origin, ...others] = run.inputs("tierstack/edge/distribution").origins;
    expect(others).to.deep.equal([]);
    expect(origin.vpcOriginConfig).to.include.keys("vpcOriginId");
    expect(run.at("tierstack/edge/distribution").dependsOn).to.include("tierstack/app/ingress/binding");
    expect(run.inputs("tierstack/app/ingress/listener").certificateArn).to.match(/^arn:aws:acm:eu-west-1:/);
    expect(run.inputs("tierstack/edge/distribution").viewerCertificate.acmCertificateArn).to.match(
      /^arn:aws:acm:us-east-1:/,
    );
    expect(run.outputs.url).to.equal("https://app.example.com");
  });

  it("checks the application's health path at the load balancer", async () => {
    const run = await recordedPlatform({ ...growth, app: { healthPath: "/up" } });
    expect(run.inputs("tierstack/app/ingress/targets").healthCheck.path).to.equal("/up");
    expect(run.inputs("tierstack/edge/distribution").orderedCacheBehaviors[0].pathPattern).to.equal("/up");
  });

  it("serves maintenance at the edge, not in the gateway", async () => {
    const run = await recordedPlatform({ ...growth, maintenance: true });
    expect(run.paths).to.include("tierstack/edge/maintenance");
    expect(run.inputs("tierstack/app/gateway").data).to.have.all.keys("nginx.conf");
  });

  it("has the web ACL that the size requires", async () => {
    expect((await recordedPlatform(growth)).inputs("tierstack/edge/distribution").webAclId).to.match(/^arn:aws:wafv2:/);
    const without = await recordedPlatform({ ...growth, edge: { waf: false } });
    expect(without.paths).to.not.include("tierstack/edge/web-acl");
    expect(without.inputs("tierstack/edge/distribution").webAclId).to.equal(undefined);
  });

  it("opens the stores to the cluster's security group", async () => {
    const run = await recordedPlatform(growth);
    const pods = run.inputs("tierstack/app/ingress/into-pods").securityGroupId;
    for (const store of ["postgres", "redis"])
      expect(run.inputs(`tierstack/${store}/access-from-eks`).referencedSecurityGroupId).to.equal(pods);
    expect(run.paths.filter((path) => path.endsWith("access-from-k3s"))).to.deep.equal([]);
  });

  it("keeps the state of a k3s node with keep.nodeState, and creates none without", async () => {
    const kept = await recordedPlatform({ ...growth, keep: { nodeState: true } });
    expect(kept.at("tierstack/node-state/volume").options.protect).to.equal(true);
    const kubectl =
      "Use kubectl: pulumi stack output kubeconfig --show-secrets > kubeconfig (its token comes from the AWS CLI).";
    // The first is of every stack on AWS.
    const own = (run: typeof kept) => (run.outputs.nextSteps as string[]).slice(1);
    expect(own(kept)).to.deep.equal([
      "The data volume and the certificate authorities of the k3s node stay, protected, until you remove " +
        "keep.nodeState.",
      kubectl,
    ]);
    const fresh = await recordedPlatform(growth);
    expect(fresh.paths.filter((path) => path.startsWith("tierstack/node-state"))).to.deep.equal([]);
    const ofNode = ["aws:ebs/volume:Volume", "aws:ssm/parameter:Parameter", "tls:index/selfSignedCert:SelfSignedCert"];
    const made = fresh.resources.filter(({ type }) => ofNode.includes(type)).map(({ path }) => path);
    // The product's own certificate authority.
    expect(made).to.deep.equal(["tierstack/authority/certificate"]);
    expect(own(fresh)).to.deep.equal([kubectl]);
  });
});
