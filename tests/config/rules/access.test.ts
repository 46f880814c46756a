import { expect } from "chai";
import { onAws, onExisting, problemsOf } from "../../support/settings";

/** Bad input, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "a domain without a zone",
    { ...onAws, hostedZoneId: undefined },
    "tierstack:hostedZoneId: given nothing, with domain app.example.com; allowed: the id of the Route 53 hosted zone " +
      "that holds the domain; fix: set hostedZoneId, or remove domain",
  ],
  [
    "a zone that EKS refuses, at MVP already",
    { ...onAws, tier: "mvp", network: { zones: ["use1-az1", "use1-az3", "use1-az6"] } },
    'tierstack:network.zones[1]: given "use1-az3"; allowed: three different zones of us-east-1: use1-az1, use1-az2, ' +
      "use1-az4, use1-az5, use1-az6; fix: choose another zone: EKS and CloudFront VPC origins refuse it",
  ],
  [
    "a zone of another region",
    { ...onAws, region: "eu-central-1", network: { zones: ["euc1-az1", "euc1-az2", "use1-az1"] } },
    'tierstack:network.zones[2]: given "use1-az1"; allowed: three different zones of eu-central-1: euc1-az1, euc1-az2, ' +
      "euc1-az3; fix: choose another zone",
  ],
  [
    "a zone twice",
    { ...onAws, region: "eu-central-1", network: { zones: ["euc1-az1", "euc1-az2", "euc1-az1"] } },
    'tierstack:network.zones[2]: given "euc1-az1"; allowed: three different zones of eu-central-1: euc1-az1, euc1-az2, ' +
      "euc1-az3; fix: choose another zone",
  ],
  [
    "a zone without a domain",
    { ...onAws, domain: undefined },
    "tierstack:domain: given nothing, with hostedZoneId Z0123456789EXAMPLE; allowed: a domain name of that zone, such as " +
      "app.example.com; fix: set domain, or remove hostedZoneId",
  ],
  [
    "Growth without a domain",
    { ...onAws, tier: "growth", domain: undefined, hostedZoneId: undefined },
    "tierstack:domain: given nothing, with tier growth; allowed: a domain name: TLS between CloudFront and the load " +
      "balancer needs a certificate; fix: set domain and hostedZoneId, or stay on mvp or startup",
  ],
  [
    "a key of another region",
    { ...onAws, kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc" },
    'tierstack:kmsKeyArn: given "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc"; allowed: ' +
      "a key in us-east-1; fix: name a key of that region, or a multi-Region key's replica there",
  ],
  [
    "cluster existing without a kubeconfig",
    { ...onExisting, kubeconfig: undefined },
    "tierstack:kubeconfig: given nothing, with cluster: existing; allowed: a path such as ~/.kube/config, or the content " +
      "of a kubeconfig; fix: set kubeconfig to the cluster to use",
  ],
  [
    "a kubeconfig on AWS",
    { ...onAws, kubeconfig: "/secret/kubeconfig" },
    "tierstack:kubeconfig: given a value, with cluster: aws; allowed: nothing: the stack creates the cluster; " +
      "fix: remove kubeconfig, or set cluster: existing",
  ],
  [
    "no networks that may reach the API",
    { ...onAws, apiAccessCidrs: undefined },
    "tierstack:apiAccessCidrs: given nothing, with cluster: aws; allowed: a list of 1 to 40 CIDRs such as " +
      "203.0.113.7/32; fix: name the networks from which you run pulumi and kubectl; there is no default of 0.0.0.0/0",
  ],
  [
    "all of the internet",
    { ...onAws, apiAccessCidrs: ["0.0.0.0/0"] },
    'tierstack:apiAccessCidrs[0]: given "0.0.0.0/0"; allowed: a CIDR of /8 to /32, never 0.0.0.0/0; ' +
      "fix: name only the networks from which you run pulumi and kubectl",
  ],
  [
    "a network twice",
    { ...onAws, apiAccessCidrs: ["203.0.113.7/32", "203.0.113.7/32"] },
    'tierstack:apiAccessCidrs[1]: given "203.0.113.7/32" again; allowed: each network once; fix: remove it',
  ],
  [
    "host bits in a network that may reach the API",
    { ...onAws, apiAccessCidrs: ["203.0.113.7/24"] },
    'tierstack:apiAccessCidrs[0]: given "203.0.113.7/24"; allowed: a network whose host bits are zero; ' +
      "fix: write 203.0.113.0/24, or 203.0.113.7/32 for the one address",
  ],
  [
    "a private network, which AWS never sees",
    { ...onAws, apiAccessCidrs: ["203.0.113.7/32", "192.168.1.0/24"] },
    'tierstack:apiAccessCidrs[1]: given "192.168.1.0/24"; allowed: public networks: the address that the internet sees; ' +
      "fix: name the public address of your network; curl https://checkip.amazonaws.com shows it",
  ],
  [
    "a NAT gateway for a k3s node, which is public",
    { ...onAws, network: { egress: "nat" } },
    "tierstack:network.egress: given nat; allowed: public: the k3s node has a public address; fix: remove it",
  ],
  [
    "the network of k3s's pods",
    { ...onAws, network: { cidr: "10.42.0.0/16" } },
    'tierstack:network.cidr: given "10.42.0.0/16"; allowed: a /16 below 10.0.0.0/8, such as 10.20.0.0/16, ' +
      "except 10.42.0.0/16 and 10.43.0.0/16, which k3s uses for pods and services; fix: choose another network",
  ],
  [
    "the network of k3s's services, also on EKS",
    { ...onAws, tier: "growth", network: { cidr: "10.43.0.0/16" } },
    'tierstack:network.cidr: given "10.43.0.0/16"; allowed: a /16 below 10.0.0.0/8, such as 10.20.0.0/16, ' +
      "except 10.42.0.0/16 and 10.43.0.0/16, which k3s uses for pods and services; fix: choose another network",
  ],
  [
    "backups copied within their region",
    { ...onAws, tier: "scale", region: "sa-east-1", backupRegion: "sa-east-1" },
    "tierstack:backupRegion: given sa-east-1; allowed: any region except sa-east-1; RDS copies to us-east-1, " +
      "us-east-2; fix: choose another backupRegion",
  ],
  [
    "copies of backups that would leave the continent unasked",
    { ...onAws, tier: "scale", region: "sa-east-1" },
    "tierstack:backupRegion: given nothing, with region sa-east-1; allowed: any region except sa-east-1; RDS copies to " +
      "us-east-1, us-east-2; fix: set backupRegion: the copies would leave the continent, which is for you to decide",
  ],
];

describe("rules about access", () => {
  for (const [what, input, message] of bad)
    it(`refuses ${what}`, () => {
      expect(problemsOf(input)).to.deep.equal([message]);
    });

  it("accepts networks of /8 to /32 that may reach the API, with octets up to 255", () => {
    const refusedOf = (cidrs: string[]) =>
      problemsOf({ ...onAws, apiAccessCidrs: cidrs }).map((text) => text.split(": ")[0]);
    expect(refusedOf(["52.0.0.0/8", "203.0.113.7/32", "223.255.255.255/32"])).to.deep.equal([]);
    for (const cidr of ["0.0.0.0/0", "0.0.0.0/1", "52.0.0.0/7", "203.0.113.7/33", "203.0.113.256/32", "256.0.0.0/8"])
      expect(refusedOf(["52.0.0.0/8", cidr]), cidr).to.deep.equal(["tierstack:apiAccessCidrs[1]"]);
  });

  it("refuses every network that is private as a whole, and accepts those of which a part is public", () => {
    const isRefused = (cidr: string) => problemsOf({ ...onAws, apiAccessCidrs: [cidr] }).length > 0;
    const inside = ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.1/32", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
    const edges = ["10.255.255.255/32", "100.127.255.255/32", "172.31.0.0/16", "192.168.255.0/24"];
    const beside = ["9.255.0.0/16", "11.0.0.0/8", "100.63.0.0/16", "100.128.0.0/16", "172.15.0.0/16", "172.32.0.0/16"];
    expect([...inside, ...edges].filter((cidr) => !isRefused(cidr))).to.deep.equal([]);
    expect([...beside, "169.253.0.0/16", "192.169.0.0/16", "172.0.0.0/8"].filter(isRefused)).to.deep.equal([]);
    expect(["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"].filter(isRefused), "examples").to.deep.equal([]);
  });

  it("accepts the networks beside those of k3s, and any on an existing cluster", () => {
    for (const cidr of ["10.41.0.0/16", "10.44.0.0/16", "10.100.0.0/16"])
      expect(problemsOf({ ...onAws, network: { cidr } }), cidr).to.deep.equal([]);
    expect(problemsOf({ ...onExisting, network: { cidr: "10.42.0.0/16" } })).to.deep.equal([]);
  });

  for (const key of ["context", "storageClass"])
    it(`accepts ${key} on an existing cluster only`, () => {
      expect(problemsOf({ ...onExisting, [key]: "a" })).to.deep.equal([]);
      expect(problemsOf({ ...onAws, [key]: "a" })).to.deep.equal([
        `tierstack:${key}: given a value, with cluster: aws; allowed: nothing: the stack creates the cluster; ` +
          `fix: remove ${key}, or set cluster: existing`,
      ]);
    });

  it("needs a second region only for copies of backups", () => {
    const sameRegion = { ...onAws, tier: "scale", region: "us-west-2", backupRegion: "us-west-2" };
    expect(problemsOf({ ...sameRegion, postgres: { crossRegionBackups: false } })).to.deep.equal([]);
    expect(problemsOf({ ...sameRegion, tier: "startup" })).to.deep.equal([]);
  });
});
