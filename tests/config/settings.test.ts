import { expect } from "chai";
import { parseSettings } from "../../config/parse";
import { asTexts, onAws, onExisting, problemsOf, settingsOf } from "../support/settings";

/** Every kind of bad input, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "an unknown tier",
    { ...onAws, tier: "huge" },
    'tierstack:tier: given "huge"; allowed: mvp | startup | growth | scale; fix: set tierstack:tier to one of the tiers',
  ],
  [
    "a misspelt key",
    { ...onAws, teir: "mvp" },
    "tierstack:teir: given an unknown key; allowed: tier, cluster, kubeconfig, context, storageClass, region, " +
      "backupRegion, domain, hostedZoneId, apiAccessCidrs, alertEmail, image, app, queues, maintenance, network, nodes, " +
      "postgres, pgbouncer, redis, workers, edge, keep; fix: did you mean tierstack:tier?",
  ],
  [
    "a misspelt key of a component",
    { ...onAws, tier: "growth", postgres: { instanceClas: "db.t4g.large" } },
    "tierstack:postgres.instanceClas: given an unknown key; allowed: instanceClass, storageGiB, maxStorageGiB, multiAz, " +
      "replicas, backupRetentionDays, crossRegionBackups; fix: did you mean tierstack:postgres.instanceClass?",
  ],
  [
    "a key like no other",
    { ...onAws, xyzzyplugh: 1 },
    "tierstack:xyzzyplugh: given an unknown key; allowed: tier, cluster, kubeconfig, context, storageClass, region, " +
      "backupRegion, domain, hostedZoneId, apiAccessCidrs, alertEmail, image, app, queues, maintenance, network, nodes, " +
      "postgres, pgbouncer, redis, workers, edge, keep; fix: remove it",
  ],
  [
    "a wrong type",
    { ...onAws, app: { port: "high" } },
    'tierstack:app.port: given "high"; allowed: a whole number from 1024 to 65535; fix: change tierstack:app.port',
  ],
  [
    "negative storage",
    { ...onAws, tier: "growth", postgres: { storageGiB: -5 } },
    "tierstack:postgres.storageGiB: given -5; allowed: a whole number of GiB from 1 to 65536; " +
      "fix: change tierstack:postgres.storageGiB",
  ],
  [
    "shrinking storage",
    { ...onAws, tier: "scale", postgres: { storageGiB: 20 } },
    "tierstack:postgres.storageGiB: given 20 GiB; allowed: 50 GiB or more: storage never shrinks, and tier scale has 50; " +
      "fix: remove postgres.storageGiB, or raise it",
  ],
  [
    "a shrinking data volume",
    { ...onAws, tier: "startup", nodes: { dataVolumeGiB: 8 } },
    "tierstack:nodes.dataVolumeGiB: given 8 GiB; allowed: 10 GiB or more: storage never shrinks, and tier startup has 10; " +
      "fix: remove nodes.dataVolumeGiB, or raise it",
  ],
  [
    "a bound of storage below the storage",
    { ...onAws, tier: "growth", postgres: { storageGiB: 100, maxStorageGiB: 100 } },
    "tierstack:postgres.maxStorageGiB: given 100 GiB; allowed: 111 GiB or more: a tenth above postgres.storageGiB (100); " +
      "fix: raise postgres.maxStorageGiB, or remove it",
  ],
  [
    "a pool larger than the database allows",
    { ...onAws, tier: "growth", pgbouncer: { poolSize: 200 } },
    "tierstack:pgbouncer.poolSize: given 200; allowed: 1 to 89: 4 pods in a rollout x 1 pools x (pool + 3) must fit 413 - 42; " +
      "fix: lower pgbouncer.poolSize or pgbouncer.replicas, or choose a larger postgres.instanceClass",
  ],
  [
    "more PgBouncer pods than the database has connections for",
    { ...onAws, tier: "startup", pgbouncer: { replicas: 20, reservePoolSize: 10 } },
    "tierstack:pgbouncer.replicas: given 20 pods with a reserve of 10; allowed: as many as the database's connections " +
      "allow: 40 pods in a rollout x 2 pools x (pool + 10) must fit 198 - 20; fix: lower pgbouncer.replicas or " +
      "pgbouncer.reservePoolSize, or choose a larger postgres.instanceClass",
  ],
  [
    "a reserve that leaves no pool",
    { ...onAws, tier: "scale", pgbouncer: { reservePoolSize: 50 } },
    "tierstack:pgbouncer.reservePoolSize: given 50; allowed: a reserve that leaves room for a pool within 100 connections; " +
      "fix: lower pgbouncer.reservePoolSize or pgbouncer.replicas, or set pgbouncer.poolSize",
  ],
  [
    "a domain without a zone",
    { ...onAws, hostedZoneId: undefined },
    "tierstack:hostedZoneId: given nothing, with domain app.example.com; allowed: the id of the Route 53 hosted zone " +
      "that holds the domain; fix: set hostedZoneId, or remove domain",
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
    "existing without a kubeconfig",
    { ...onExisting, kubeconfig: undefined },
    "tierstack:kubeconfig: given nothing, with cluster: existing; allowed: a path such as ~/.kube/config, or the content " +
      "of a kubeconfig; fix: set kubeconfig to the cluster to use",
  ],
  [
    "a kubeconfig on AWS",
    { ...onAws, kubeconfig: "/secret/kubeconfig" },
    "tierstack:kubeconfig: given a value, with cluster: aws; allowed: nothing: the stack makes the cluster itself; " +
      "fix: remove kubeconfig, or set cluster: existing",
  ],
  [
    "no networks that may reach the API",
    { ...onAws, apiAccessCidrs: undefined },
    "tierstack:apiAccessCidrs: given nothing, with cluster: aws; allowed: a list of 1 to 40 CIDRs such as " +
      "203.0.113.7/32; fix: name the networks from which you run pulumi and kubectl; there is no default of 0.0.0.0/0",
  ],
  [
    "the whole internet",
    { ...onAws, apiAccessCidrs: ["0.0.0.0/0"] },
    'tierstack:apiAccessCidrs[0]: given "0.0.0.0/0"; allowed: a CIDR of /8 to /32, never 0.0.0.0/0; ' +
      "fix: name only the networks from which you run pulumi and kubectl",
  ],
  [
    "a network that k3s gives to its pods",
    { ...onAws, network: { cidr: "10.42.0.0/16" } },
    'tierstack:network.cidr: given "10.42.0.0/16"; allowed: a /16 below 10.0.0.0/8, but neither 10.42.0.0/16 nor ' +
      "10.43.0.0/16: k3s has its pods and services there; fix: choose another, such as 10.20.0.0/16",
  ],
  [
    "a network that k3s gives to its services, on EKS, where the stack may have come from k3s",
    { ...onAws, tier: "growth", network: { cidr: "10.43.0.0/16" } },
    'tierstack:network.cidr: given "10.43.0.0/16"; allowed: a /16 below 10.0.0.0/8, but neither 10.42.0.0/16 nor ' +
      "10.43.0.0/16: k3s has its pods and services there; fix: choose another, such as 10.20.0.0/16",
  ],
  [
    "a network that does not exist",
    { ...onAws, network: { cidr: "10.300.0.0/16" } },
    'tierstack:network.cidr: given "10.300.0.0/16"; allowed: a /16 below 10.0.0.0/8, such as 10.20.0.0/16; ' +
      "fix: change tierstack:network.cidr",
  ],
  [
    "no image",
    { ...onAws, image: undefined },
    "tierstack:image: given nothing; allowed: an image with a tag or a digest, such as ghcr.io/acme/shop:1.4.2, never " +
      ":latest; fix: name a released version, so that every pod runs the same program",
  ],
  [
    "the latest image",
    { ...onAws, image: "acme/shop:latest" },
    'tierstack:image: given "acme/shop:latest"; allowed: an image with a tag or a digest, such as ' +
      "ghcr.io/acme/shop:1.4.2, never :latest; fix: name a released version, so that every pod runs the same program",
  ],
  [
    "more pods at the least than at the most",
    { ...onAws, app: { minReplicas: 5 } },
    "tierstack:app.minReplicas: given minReplicas 5, maxReplicas 2; allowed: minReplicas no larger than maxReplicas; " +
      "fix: set both app.minReplicas and app.maxReplicas",
  ],
  [
    "two queues of one name",
    { ...onAws, queues: [{ name: "mail" }, { name: "mail" }] },
    "tierstack:queues: given two queues named mail; allowed: queues of different names; fix: rename one of them",
  ],
  [
    "a variable of the stack's own",
    { ...onAws, app: { environment: { DATABASE_URL: "x" } } },
    "tierstack:app.environment.DATABASE_URL: given a variable that the stack provides; allowed: any name but PORT, " +
      "DATABASE_URL, DATABASE_READ_URL, REDIS_URL, REDIS_CLUSTER, PGSSLROOTCERT, NODE_EXTRA_CA_CERTS, " +
      "WORKER_QUEUE, WORKER_CONCURRENCY, WORKER_LIST; fix: remove it: the stack sets it",
  ],
  [
    "a variable twice",
    { ...onAws, app: { environment: { KEY: "x" }, secrets: { KEY: "y" } } },
    "tierstack:app.environment.KEY: given a name that app.secrets has too; allowed: a variable in one of the two; " +
      "fix: remove it from app.environment",
  ],
  [
    "a variable that is no name",
    { ...onAws, app: { environment: { "MY-KEY": "x" } } },
    'tierstack:app.environment.MY-KEY: given the name "MY-KEY"; allowed: letters, digits and underscores, not starting ' +
      "with a digit; fix: rename it",
  ],
  [
    "an instance class that nobody measured",
    { ...onAws, tier: "growth", postgres: { instanceClass: "db.x9z.huge" } },
    'tierstack:postgres.instanceClass: given "db.x9z.huge"; allowed: db.t4g.micro, db.t4g.small, db.t4g.medium, ' +
      "db.t4g.large, db.m7g.large, db.r7g.large; fix: choose a size of tiers/catalogues/aws-sizes.json, or add " +
      "db.x9z.huge there with its source",
  ],
  [
    "a node too small for Auto Mode",
    { ...onAws, tier: "growth", nodes: { instanceTypes: ["t4g.small"] } },
    'tierstack:nodes.instanceTypes[0]: given "t4g.small"; allowed: t4g.medium, t4g.large, t4g.xlarge, m7g.large, ' +
      "m7g.xlarge, c7g.large, c7g.xlarge, r7g.large; fix: choose a size of tiers/catalogues/aws-sizes.json, or add " +
      "t4g.small there with its source",
  ],
  [
    "an override without effect",
    { ...onAws, tier: "mvp", postgres: { multiAz: true } },
    "tierstack:postgres.multiAz: given true; allowed: nothing: postgres runs in the cluster here; fix: remove it, or " +
      "move to a tier with the managed store",
  ],
  [
    "backups copied to where they are",
    { ...onAws, tier: "scale", region: "us-west-2" },
    "tierstack:backupRegion: given us-west-2; allowed: a region other than region; fix: choose another backupRegion",
  ],
];

describe("settings", () => {
  for (const [what, input, message] of bad) {
    it(`refuses ${what}`, () => {
      expect(problemsOf(input)).to.deep.equal([message]);
    });
  }

  it("reports all problems of form at once", () => {
    const found = problemsOf({ ...onAws, tier: "huge", region: "mars", app: { port: 1 }, domian: "x" });
    expect(found.map((problem) => problem.split(":").slice(0, 2).join(":"))).to.have.members([
      "tierstack:tier",
      "tierstack:region",
      "tierstack:app.port",
      "tierstack:domian",
    ]);
  });

  it("reports all broken rules at once", () => {
    const found = problemsOf({ image: "a:1", tier: "growth", queues: [{ name: "a" }, { name: "a" }] });
    expect(found.map((problem) => problem.split(": ")[0])).to.have.members([
      "tierstack:apiAccessCidrs",
      "tierstack:domain",
      "tierstack:queues",
    ]);
  });

  it("never repeats a secret", () => {
    const found = problemsOf({ ...onAws, app: { secrets: { KEY: 42 } }, kubeconfig: 7 });
    expect(found.join("\n")).to.contain("tierstack:app.secrets.KEY: given [secret]");
    expect(found.join("\n")).to.not.contain("42");
  });

  it("takes the networks beside those of k3s, and on an existing cluster any", () => {
    for (const cidr of ["10.41.0.0/16", "10.44.0.0/16", "10.100.0.0/16"])
      expect(problemsOf({ ...onAws, network: { cidr } }), cidr).to.deep.equal([]);
    expect(problemsOf({ ...onExisting, network: { cidr: "10.42.0.0/16" } })).to.deep.equal([]);
  });

  it("fills in defaults", () => {
    const settings = settingsOf(onAws);
    expect(settings).to.deep.include({ tier: "mvp", cluster: "aws", region: "us-east-1", maintenance: false });
    expect(settings.app).to.deep.equal({
      port: 3000,
      healthPath: "/healthz",
      user: 1000,
      environment: {},
      secrets: {},
    });
    expect(settingsOf({ ...onAws, queues: [{ name: "mail" }] }).queues).to.deep.equal([
      { name: "mail", priority: "normal", concurrency: 5, maxJobSeconds: 300 },
    ]);
  });

  it("takes empty texts and lists for keys that were not set, as Pulumi.yaml's defaults are", () => {
    const texts = { ...asTexts(onAws), context: "", kubeconfig: "", alertEmail: "", queues: "[]" };
    const { settings } = parseSettings("tierstack", texts);
    expect(settings?.context).to.equal(undefined);
    expect(settings?.kubeconfig).to.equal(undefined);
    expect(settings?.queues).to.deep.equal([]);
  });

  it("takes a list of texts in one text, with commas", () => {
    const { settings } = parseSettings("tierstack", {
      ...asTexts(onAws),
      apiAccessCidrs: "203.0.113.7/32, 10.0.0.0/8",
    });
    expect(settings?.apiAccessCidrs).to.deep.equal(["203.0.113.7/32", "10.0.0.0/8"]);
    const { problems } = parseSettings("tierstack", { ...asTexts(onAws), apiAccessCidrs: "203.0.113.7/32,home" });
    expect(problems.map(({ where, given }) => `${where} ${given}`)).to.deep.equal([
      'tierstack:apiAccessCidrs[1] "home"',
    ]);
  });

  it("takes an image with a port and a digest", () => {
    const image = `registry.example.com:5000/shop@sha256:${"a".repeat(64)}`;
    expect(settingsOf({ ...onAws, image }).image).to.equal(image);
  });
});
