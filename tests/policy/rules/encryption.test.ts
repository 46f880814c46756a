import { expect } from "chai";
import { notYetKnown } from "../../../policy/rules/rule";
import { found, resource } from "../support";

const template = "aws:ec2/launchTemplate:LaunchTemplate";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const parameters = "aws:rds/parameterGroup:ParameterGroup";
const distribution = "aws:cloudfront/distribution:Distribution";

describe("policy encrypted-at-rest", () => {
  it("finds each type that is not encrypted", () => {
    const bare = [
      resource("aws:rds/instance:Instance"),
      resource(cache, { atRestEncryptionEnabled: false }),
      resource("aws:ebs/volume:Volume", { encrypted: false }),
      resource(template, { blockDeviceMappings: [{ ebs: {} }] }),
      resource("aws:eks/cluster:Cluster"),
      ...["rds", "docdb", "neptune", "redshift"].map((module) => resource(`aws:${module}/cluster:Cluster`)),
      resource("aws:efs/fileSystem:FileSystem", { encrypted: false }),
      resource("aws:opensearch/domain:Domain"),
      resource("aws:elasticsearch/domain:Domain", { encryptAtRest: { enabled: false } }),
    ];
    expect(found("encrypted-at-rest", bare)).to.deep.equal([
      "one storageEncrypted: given nothing; allowed: true",
      "one atRestEncryptionEnabled: given false; allowed: true",
      "one encrypted: given false; allowed: true",
      "one blockDeviceMappings[0].ebs.encrypted: given nothing; allowed: true",
      "one encryptionConfig: given nothing; allowed: a key for secrets",
      "one storageEncrypted: given nothing; allowed: true",
      "one storageEncrypted: given nothing; allowed: true",
      "one storageEncrypted: given nothing; allowed: true",
      "one encrypted: given nothing; allowed: true",
      "one encrypted: given false; allowed: true",
      "one encryptAtRest.enabled: given nothing; allowed: true",
      "one encryptAtRest.enabled: given false; allowed: true",
    ]);
  });

  it("accepts what is encrypted, also as text, and what is not known yet", () => {
    const sound = [
      resource("aws:rds/instance:Instance", { storageEncrypted: true }),
      resource("aws:rds/instance:Instance", { storageEncrypted: notYetKnown }),
      resource(template, { blockDeviceMappings: [{ ebs: { encrypted: "true" } }] }),
      resource("aws:opensearch/domain:Domain", { encryptAtRest: { enabled: true } }),
      resource("aws:opensearch/domain:Domain", { encryptAtRest: notYetKnown }),
      resource("aws:efs/fileSystem:FileSystem", { encrypted: true }),
    ];
    expect(found("encrypted-at-rest", sound)).to.deep.equal([]);
  });
});

describe("policy encrypted-in-transit", () => {
  it("finds each hop without TLS", () => {
    const bare = [
      resource(cache),
      resource(parameters, { family: "postgres17", parameters: [] }),
      resource("aws:lb/listener:Listener", { protocol: "HTTP" }),
      resource("aws:alb/listener:Listener", { protocol: "TCP" }),
      resource(distribution, {
        defaultCacheBehavior: { viewerProtocolPolicy: "allow-all" },
        orderedCacheBehaviors: [{ pathPattern: "/static/*", viewerProtocolPolicy: "allow-all" }],
      }),
      resource(template, { metadataOptions: { httpTokens: "optional" } }),
    ];
    const visitors = "redirect-to-https, https-only";
    expect(found("encrypted-in-transit", bare)).to.deep.equal([
      "one transitEncryptionEnabled: given nothing; allowed: true",
      "one parameters rds.force_ssl: given nothing; allowed: 1",
      "one protocol: given HTTP; allowed: HTTPS, TLS",
      "one protocol: given TCP; allowed: HTTPS, TLS",
      `one defaultCacheBehavior.viewerProtocolPolicy: given allow-all; allowed: ${visitors}`,
      `one orderedCacheBehaviors[0].viewerProtocolPolicy: given allow-all; allowed: ${visitors}`,
      'one metadataOptions.httpTokens: given "optional"; allowed: required',
    ]);
  });

  it("accepts TLS, and plain HTTP for Let's Encrypt's challenge alone", () => {
    const sound = [
      resource(cache, { transitEncryptionEnabled: true }),
      resource(parameters, { family: "postgres17", parameters: [{ name: "rds.force_ssl", value: "1" }] }),
      resource(parameters, { family: "mysql8.0", parameters: [] }),
      resource("aws:lb/listener:Listener", { protocol: "HTTPS" }),
      resource(distribution, {
        defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
        orderedCacheBehaviors: [{ pathPattern: "/.well-known/acme-challenge/*", viewerProtocolPolicy: "allow-all" }],
      }),
      resource(template, { metadataOptions: { httpTokens: "required" } }),
    ];
    expect(found("encrypted-in-transit", sound)).to.deep.equal([]);
  });

  it("admits plain HTTP for the challenges of certificates, and for nothing else below /.well-known", () => {
    const behavior = (pathPattern: string) =>
      resource("aws:cloudfront/distribution:Distribution", {
        defaultCacheBehavior: { viewerProtocolPolicy: "https-only" },
        orderedCacheBehaviors: [{ pathPattern, viewerProtocolPolicy: "allow-all" }],
      });
    expect(found("encrypted-in-transit", [behavior("/.well-known/acme-challenge/*")])).to.deep.equal([]);
    expect(found("encrypted-in-transit", [behavior("/.well-known/*")])).to.have.length(1);
  });
});
