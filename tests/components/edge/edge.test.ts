import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Edge, type EdgeArgs } from "../../../components/edge/edge";
import { type Recorded, recorded, Secret } from "../../support/record";

const domain = {
  name: "app.example.com",
  hostedZoneId: "Z0123456789ABCDEFGHIJ",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1a2b3c4d-0000-4000-8000-000000000000",
};
const node = (https = false): EdgeArgs["origin"] => ({
  kind: "node",
  domainName: "ec2-203-0-113-10.compute-1.amazonaws.com",
  secret: pulumi.secret("only CloudFront knows"),
  https,
});
const loadBalancer: EdgeArgs["origin"] = {
  kind: "loadBalancer",
  arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/app-1a2b3c/50dc6c495c0c9188",
  domainName: "internal-app-1a2b3c-1.eu-west-1.elb.amazonaws.com",
};

const run = (args: () => Partial<EdgeArgs> = () => ({}), preview = false): Promise<Recorded> =>
  recorded(
    () => {
      const defaults = { origin: node(), waf: false, maintenance: false, healthPath: "/healthz" };
      const { url, domainName } = new Edge("edge", { ...defaults, ...args() });
      return { url, domainName };
    },
    { preview },
  );

const distribution = "edge/distribution";
const arnOf = (name: string) => `arn:aws:cloudfront::123456789012:function/edge-${name}`;
type Association = { eventType: string; functionArn: string };
type Behaviour = { pathPattern?: string; functionAssociations?: Association[]; [property: string]: unknown };
const behavioursOf = (made: Recorded): Behaviour[] => [
  ...made.inputs(distribution).orderedCacheBehaviors,
  made.inputs(distribution).defaultCacheBehavior,
];

const allMethods = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];
const toApp = { targetOriginId: "app", viewerProtocolPolicy: "redirect-to-https", cachedMethods: ["GET", "HEAD"] };
const uncached = {
  ...toApp,
  allowedMethods: allMethods,
  cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  originRequestPolicyId: "33f36d7e-f396-46d9-90e0-52428a34d9dc",
  responseHeadersPolicyId: "edge/headers.id",
  compress: false,
};
const shared = (cache: string) => ({
  ...toApp,
  allowedMethods: ["GET", "HEAD"],
  cachePolicyId: `edge/${cache}.id`,
  responseHeadersPolicyId: "edge/shared-headers.id",
  compress: true,
  functionAssociations: [{ eventType: "viewer-response", functionArn: arnOf(`${cache}-cache-control`) }],
});

describe("Edge", () => {
  it("serves a node under CloudFront's domain name", async () => {
    const made = await run();
    expect(made.problems).to.deep.equal([]);
    expect(made.paths).to.deep.equal([
      "edge",
      "edge/distribution",
      "edge/headers",
      "edge/pages",
      "edge/reference",
      "edge/reference-cache-control",
      "edge/shared-headers",
      "edge/static",
      "edge/static-cache-control",
    ]);
    for (const path of made.paths.slice(1)) expect(made.at(path).parent).to.equal("edge");
    expect(made.at("edge").type).to.equal("tierstack:edge:Edge");
    expect(made.at(distribution).name).to.equal("edge-distribution");
    expect(made.inputs(distribution)).to.deep.equal({
      enabled: true,
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      priceClass: "PriceClass_100",
      viewerCertificate: { cloudfrontDefaultCertificate: true },
      origins: [
        {
          originId: "app",
          domainName: "ec2-203-0-113-10.compute-1.amazonaws.com",
          customHeaders: [{ name: "X-Origin-Verify", value: "only CloudFront knows" }],
          customOriginConfig: {
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: "http-only",
            originSslProtocols: ["TLSv1.2"],
            originReadTimeout: 60,
            originKeepaliveTimeout: 30,
          },
        },
      ],
      orderedCacheBehaviors: [
        { pathPattern: "/healthz", ...uncached },
        { pathPattern: "/api/*", ...uncached },
        { pathPattern: "/static/*", ...shared("static") },
        { pathPattern: "/assets/*", ...shared("static") },
        { pathPattern: "/_next/static/*", ...shared("static") },
        { pathPattern: "/images/*", ...shared("reference") },
        { pathPattern: "/favicon.ico", ...shared("reference") },
        { pathPattern: "/robots.txt", ...shared("reference") },
      ],
      defaultCacheBehavior: { ...uncached, cachePolicyId: "edge/pages.id", compress: true },
      customErrorResponses: [404, 405, 414, 500, 501, 502, 503, 504].map((errorCode) => ({
        errorCode,
        errorCachingMinTtl: 0,
      })),
      restrictions: { geoRestriction: { restrictionType: "none" } },
    });
    expect(made.outputs.url).to.match(/^https:\/\/d[0-9a-f]+\.cloudfront\.net$/);
    expect(made.outputs.url).to.equal(`https://${made.outputs.domainName}`);
  });

  it("hides the value of the origin header and nothing else", async () => {
    const made = await run(() => ({ origin: node(true), domain }));
    const origins = made.at(distribution).inputs.origins as { customHeaders: { name: string; value: unknown }[] }[];
    expect(origins).to.be.an("array").with.length(2);
    for (const { customHeaders } of origins) {
      expect(customHeaders).to.have.length(1);
      expect(customHeaders[0]?.name).to.equal("X-Origin-Verify");
      expect(customHeaders[0]?.value).to.be.instanceOf(Secret);
    }
    const secrets = JSON.stringify(made.resources, (_, value) => (value instanceof Secret ? undefined : value));
    expect(secrets).not.to.contain("only CloudFront knows");
    expect(secrets).to.contain("ec2-203-0-113-10");
  });

  it("caches pages only if the origin allows it, per cookie and credentials", async () => {
    const made = await run();
    expect(made.inputs("edge/pages")).to.deep.equal({
      minTtl: 0,
      defaultTtl: 0,
      maxTtl: 300,
      parametersInCacheKeyAndForwardedToOrigin: {
        headersConfig: {
          headerBehavior: "whitelist",
          headers: { items: ["Accept", "Accept-Language", "Authorization", "Host", "Origin"] },
        },
        cookiesConfig: { cookieBehavior: "all" },
        queryStringsConfig: { queryStringBehavior: "all" },
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
      },
    });
  });

  it("caches shared responses without cookies in either direction", async () => {
    const made = await run();
    const key = {
      headersConfig: { headerBehavior: "whitelist", headers: { items: ["Host"] } },
      cookiesConfig: { cookieBehavior: "none" },
      queryStringsConfig: { queryStringBehavior: "all" },
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    };
    const policy = { minTtl: 0, parametersInCacheKeyAndForwardedToOrigin: key };
    expect(made.inputs("edge/reference")).to.deep.equal({ ...policy, defaultTtl: 3600, maxTtl: 86400 });
    expect(made.inputs("edge/static")).to.deep.equal({ ...policy, defaultTtl: 86400, maxTtl: 31536000 });
    const securityHeadersConfig = {
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "SAMEORIGIN", override: false },
      referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: false },
    };
    expect(made.inputs("edge/headers")).to.deep.equal({ securityHeadersConfig });
    expect(made.inputs("edge/shared-headers")).to.deep.equal({
      securityHeadersConfig,
      removeHeadersConfig: { items: [{ header: "Set-Cookie" }] },
    });
    const code = made.inputs("edge/static-cache-control");
    expect(code).to.deep.include({ runtime: "cloudfront-js-2.0", publish: true });
    expect(code.code).to.contain("public, max-age=86400, stale-while-revalidate=86400");
    expect(made.inputs("edge/reference-cache-control").code).to.contain("max-age=3600, stale-while-revalidate=3600");
  });

  it("serves a node under a domain and forwards the challenges of its certificate", async () => {
    const made = await run(() => ({ origin: node(true), domain }));
    expect(made.problems).to.deep.equal([]);
    const inputs = made.inputs(distribution);
    expect(inputs.aliases).to.deep.equal(["app.example.com"]);
    expect(inputs.viewerCertificate).to.deep.equal({
      acmCertificateArn: domain.certificateArn,
      sslSupportMethod: "sni-only",
      minimumProtocolVersion: "TLSv1.2_2021",
    });
    const [app, challenge] = inputs.origins;
    expect(app.originId).to.equal("app");
    expect(app.customOriginConfig.originProtocolPolicy).to.equal("https-only");
    expect(challenge).to.deep.equal({
      ...app,
      originId: "acme-challenge",
      customOriginConfig: { ...app.customOriginConfig, originProtocolPolicy: "http-only" },
    });
    expect(inputs.orderedCacheBehaviors[0]).to.deep.equal({
      pathPattern: "/.well-known/acme-challenge/*",
      targetOriginId: "acme-challenge",
      viewerProtocolPolicy: "allow-all",
      allowedMethods: ["GET", "HEAD"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "33f36d7e-f396-46d9-90e0-52428a34d9dc",
      compress: false,
    });
    expect(inputs.orderedCacheBehaviors).to.have.length(9);
    for (const path of ["edge/headers", "edge/shared-headers"]) {
      expect(made.inputs(path).securityHeadersConfig.strictTransportSecurity).to.deep.equal({
        accessControlMaxAgeSec: 31536000,
        override: false,
      });
    }
    for (const type of ["A", "AAAA"]) {
      const record = made.at(`edge/record-${type.toLowerCase()}`);
      expect(record.inputs).to.deep.equal({
        zoneId: domain.hostedZoneId,
        name: "app.example.com",
        type,
        aliases: [{ name: made.outputs.domainName, zoneId: "Z2FDTNDATAQYW2", evaluateTargetHealth: false }],
      });
      expect(record.parent).to.equal("edge");
    }
    expect(made.outputs.url).to.equal("https://app.example.com");
  });

  it("reaches a load balancer through a VPC origin, with the web ACL in front", async () => {
    const made = await run(() => ({ origin: loadBalancer, domain, waf: true }));
    expect(made.problems).to.deep.equal([]);
    const plain = await run();
    expect(made.paths.filter((path) => !plain.paths.includes(path))).to.deep.equal([
      "edge/blocked-log",
      "edge/logs-suffix",
      "edge/record-a",
      "edge/record-aaaa",
      "edge/vpc-origin",
      "edge/web-acl",
      "edge/web-acl-logs",
    ]);
    expect(made.inputs("edge/vpc-origin")).to.deep.equal({
      vpcOriginEndpointConfig: {
        name: "app-1a2b3c-50dc6c495c0c9188",
        arn: (loadBalancer as { arn: string }).arn,
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: "https-only",
        originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
      },
    });
    const inputs = made.inputs(distribution);
    expect(inputs.origins).to.deep.equal([
      {
        originId: "app",
        domainName: "internal-app-1a2b3c-1.eu-west-1.elb.amazonaws.com",
        vpcOriginConfig: {
          vpcOriginId: "arn:aws:cloudfront::123456789012:vpcorigin/edge-vpc-origin",
          originReadTimeout: 60,
          originKeepaliveTimeout: 30,
        },
      },
    ]);
    expect(behavioursOf(made).map(({ targetOriginId }) => targetOriginId)).to.satisfy((ids: string[]) =>
      ids.every((id) => id === "app"),
    );
    expect(inputs.webAclId).to.match(/^arn:aws:wafv2:us-east-1:123456789012:global\/webacl\/edge-web-acl\//);
    expect(made.at(distribution).dependsOn).to.include.members(["edge/vpc-origin", "edge/web-acl"]);
  });

  it("logs what its web ACL blocks, and every request where it shall, with the distribution unchanged", async () => {
    const args = () => ({ origin: loadBalancer, domain, waf: true });
    const [without, made] = [await run(args), await run(() => ({ ...args(), requestLog: true }))];
    expect(made.problems).to.deep.equal([]);
    expect(made.paths.filter((path) => !without.paths.includes(path))).to.deep.equal(
      ["delivery", "destination", "log", "source"].map((child) => `edge/requests-${child}`),
    );
    expect(made.inputs("edge/web-acl-logs").resourceArn).to.equal(made.inputs(distribution).webAclId);
    expect(made.inputs("edge/requests-source").resourceArn).to.match(
      /^arn:aws:cloudfront::123456789012:distribution\/E[0-9A-F]{13}$/,
    );
    expect(made.inputs(distribution)).to.deep.equal(without.inputs(distribution));
    const onNode = await run(() => ({ requestLog: true }));
    expect(onNode.paths).to.include("edge/requests-delivery").and.to.not.include("edge/web-acl-logs");
  });

  it("responds itself during maintenance, except to challenges", async () => {
    const made = await run(() => ({ origin: node(true), domain, maintenance: true, healthPath: "/live" }));
    expect(made.problems).to.deep.equal([]);
    const maintenance = made.inputs("edge/maintenance");
    expect(maintenance).to.deep.include({ runtime: "cloudfront-js-2.0", publish: true });
    expect(maintenance.code).to.contain('"/live"').and.to.contain("503");
    for (const { pathPattern, functionAssociations = [] } of behavioursOf(made)) {
      const onRequest = functionAssociations.filter(({ eventType }) => eventType === "viewer-request");
      const expected = pathPattern?.startsWith("/.well-known/") ? [] : [arnOf("maintenance")];
      expect(
        onRequest.map(({ functionArn }) => functionArn),
        pathPattern,
      ).to.deep.equal(expected);
    }
    const without = await run(() => ({ origin: node(true), domain, healthPath: "/live" }));
    expect(without.paths).not.to.include("edge/maintenance");
    expect(JSON.stringify(behavioursOf(without))).not.to.contain("viewer-request");
  });

  it("updates one distribution from MVP to Scale and back, domain and maintenance included", async () => {
    const steps: (() => Partial<EdgeArgs>)[] = [
      () => ({}),
      () => ({ maintenance: true }),
      () => ({ origin: node(true), domain }),
      () => ({ origin: loadBalancer, domain, waf: true }),
      () => ({ origin: node(true), domain }),
    ];
    for (const step of steps) {
      const made = await run(step);
      const [only, ...more] = made.ofType("aws:cloudfront/distribution:Distribution");
      expect(more).to.deep.equal([]);
      expect(only).to.deep.include({ path: distribution, name: "edge-distribution", parent: "edge" });
      // The one property whose change would replace a distribution.
      expect(only?.inputs).not.to.have.property("staging");
      expect(behavioursOf(made).filter(({ targetOriginId }) => targetOriginId === "app")).to.have.length(9);
    }
  });

  it("creates the same resources in a preview", async () => {
    const args = () => ({ origin: loadBalancer, domain, waf: true, maintenance: true });
    const preview = await run(args, true);
    expect(preview.problems).to.deep.equal([]);
    expect(preview.paths).to.deep.equal((await run(args)).paths);
    expect(preview.inputs(distribution).webAclId).to.equal("[unknown]");
  });
});
