import { expect } from "chai";
import { keyOf, parseSettings, rawSettings } from "../../config/parse";
import { asTexts, completeRegistry, onAws, problemsOf, settingsOf } from "../support/settings";

/** Bad input, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "an unknown tier",
    { ...onAws, tier: "huge" },
    'tierstack:tier: given "huge"; allowed: mvp | startup | growth | scale; fix: change tierstack:tier',
  ],
  [
    "a misspelt key",
    { ...onAws, teir: "mvp" },
    "tierstack:teir: given an unknown key; allowed: tier, cluster, kubeconfig, context, storageClass, " +
      "namespacePrefix, kedaNamespace, adopt, region, backupRegion, kmsKeyArn, permissionsBoundary, domain, hostedZoneId, apiAccessCidrs, alertEmail, costAnomalies, image, registry, app, queues, budgetUsd, accountBudgetUsd, maintenance, " +
      "handover, allowDestroy, passwordRotation, network, nodes, " +
      "postgres, pgbouncer, redis, workers, edge, logs, observability, keep; fix: did you mean tierstack:tier?",
  ],
  [
    "a misspelt key of a component",
    { ...onAws, tier: "growth", postgres: { instanceClas: "db.t4g.large" } },
    "tierstack:postgres.instanceClas: given an unknown key; allowed: generation, instanceClass, storageGiB, maxStorageGiB, multiAz, " +
      "replicas, backupRetentionDays, crossRegionBackups, majorVersion, kmsKeyArn, previous; fix: did you mean tierstack:postgres.instanceClass?",
  ],
  [
    "a key that resembles no other",
    { ...onAws, xyzzyplugh: 1 },
    "tierstack:xyzzyplugh: given an unknown key; allowed: tier, cluster, kubeconfig, context, storageClass, " +
      "namespacePrefix, kedaNamespace, adopt, region, backupRegion, kmsKeyArn, permissionsBoundary, domain, hostedZoneId, apiAccessCidrs, alertEmail, costAnomalies, image, registry, app, queues, budgetUsd, accountBudgetUsd, maintenance, " +
      "handover, allowDestroy, passwordRotation, network, nodes, " +
      "postgres, pgbouncer, redis, workers, edge, logs, observability, keep; fix: remove it",
  ],
  [
    "a misspelt value of a fixed set",
    { ...onAws, tier: "grwoth" },
    'tierstack:tier: given "grwoth"; allowed: mvp | startup | growth | scale; fix: did you mean growth?',
  ],
  [
    "a value that resembles none of a fixed set",
    { ...onAws, tier: "x-large-xx" },
    'tierstack:tier: given "x-large-xx"; allowed: mvp | startup | growth | scale; fix: change tierstack:tier',
  ],
  [
    "a wrong type",
    { ...onAws, app: { port: "high" } },
    'tierstack:app.port: given "high"; allowed: a whole number from 1024 to 65535; fix: change tierstack:app.port',
  ],
  [
    "negative storage",
    { ...onAws, tier: "growth", postgres: { storageGiB: -5 } },
    "tierstack:postgres.storageGiB: given -5; allowed: a whole number of GiB from 1 to 59578; " +
      "fix: change tierstack:postgres.storageGiB",
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
    "tierstack:image: given nothing; allowed: an image in lower case with a tag or a digest, such as ghcr.io/acme/shop:1.4.2, never " +
      ":latest; fix: name a released version, so that every pod runs the same code",
  ],
  [
    "the latest image",
    { ...onAws, image: "acme/shop:latest" },
    'tierstack:image: given "acme/shop:latest"; allowed: an image in lower case with a tag or a digest, such as ' +
      "ghcr.io/acme/shop:1.4.2, never :latest; fix: name a released version, so that every pod runs the same code",
  ],
  [
    "an invalid variable name",
    { ...onAws, app: { environment: { "MY-KEY": "x" } } },
    'tierstack:app.environment.MY-KEY: given the name "MY-KEY"; allowed: letters, digits and underscores, not starting ' +
      "with a digit; fix: rename it",
  ],
];

describe("parsing of settings", () => {
  for (const [what, input, message] of bad)
    it(`refuses ${what}`, () => {
      expect(problemsOf(input)).to.deep.equal([message]);
    });

  it("reports all problems of form at once", () => {
    const found = problemsOf({ ...onAws, tier: "huge", region: "mars", app: { port: 1 }, domian: "x" });
    expect(found.map((problem) => problem.split(":").slice(0, 2).join(":"))).to.have.members([
      "tierstack:tier",
      "tierstack:region",
      "tierstack:app.port",
      "tierstack:domian",
    ]);
  });

  it("takes no name that every object has for a key", () => {
    for (const key of ["toString", "__proto__", "constructor"]) {
      expect(problemsOf({ ...onAws, [key]: 1 })[0]).to.match(new RegExp(`^tierstack:${key}: given an unknown key; `));
      expect(problemsOf({ ...onAws, nodes: { [key]: 1 } })[0]).to.match(
        new RegExp(`^tierstack:nodes\\.${key}: given an unknown key; `),
      );
    }
  });

  it("lists the keys beside an unknown one in an item of a list", () => {
    expect(
      problemsOf({ ...onAws, tier: "growth", queues: [{ name: "mail" }, { name: "images", priorty: "low" }] }),
    ).to.deep.equal([
      "tierstack:queues[1].priorty: given an unknown key; allowed: name, priority, concurrency, image, " +
        "command, cpuMillicores, memoryMiB, capacity, maxJobSeconds, list; fix: did you mean tierstack:queues[1].priority?",
    ]);
  });

  it("names the quotes that a text lacks which YAML takes for a number or a boolean", () => {
    const mail = { host: "smtp.example.com", from: "alerts@example.com", user: 12345, password: true };
    const observability = { enabled: true, mail };
    const alertEmail = "ops@example.com";
    expect(problemsOf({ ...onAws, tier: "growth", alertEmail, observability })).to.deep.equal([
      "tierstack:observability.mail.user: given 12345; allowed: a name without white space; fix: put it in quotes",
      "tierstack:observability.mail.password: given a boolean; allowed: secret text; fix: put it in quotes",
    ]);
    const [message] = problemsOf({ ...onAws, tier: "growth", edge: { waf: 1 } });
    expect(message).to.match(/fix: change tierstack:edge\.waf$/);
  });

  it("never repeats a secret", () => {
    const found = problemsOf({ ...onAws, app: { secrets: { KEY: 4242 } } });
    expect(found).to.deep.equal([
      "tierstack:app.secrets.KEY: given a number; allowed: NAME: secret text for each variable; fix: put it in quotes",
    ]);
    for (const KEY of [[4242], { a: 4242 }])
      expect(problemsOf({ ...onAws, app: { secrets: { KEY } } } as never)[0])
        .to.match(/^tierstack:app\.secrets\.KEY: given \[secret\]; /)
        .and.not.contain("4242");
    for (const app of ["hunter2", ["hunter2"], { secrets: "hunter2" }, { secrets: ["hunter2"] }]) {
      const problems = problemsOf({ ...onAws, app } as never).join("\n");
      expect(problems).to.match(/^tierstack:app(\.secrets)?: given \[secret\]; /);
      expect(problems).not.to.contain("hunter2");
    }
    for (const registry of ["hunter2", { ...completeRegistry, password: 4242 }]) {
      const [problem] = problemsOf({ ...onAws, registry });
      expect(problem)
        .to.match(/^tierstack:registry(: given \[secret\]|\.password: given a number); /)
        .and.not.contain("4242");
    }
    expect(problemsOf({ ...onAws, kubeconfig: " \n\t" }).join()).to.contain("tierstack:kubeconfig: given [secret]; ");
  });

  it("cuts long values short", () => {
    const [problem = ""] = problemsOf({ ...onAws, domain: "x".repeat(100) });
    expect(problem).to.contain(`given "${"x".repeat(76)}...; allowed`);
  });

  it("reads all values except strings as JSON", () => {
    expect(
      rawSettings({
        context: "42",
        image: "1:2",
        maintenance: "true",
        app: '{"port":3000}',
        queues: "[oops",
        other: "7",
      }),
    ).to.deep.equal({
      context: "42",
      image: "1:2",
      maintenance: true,
      app: { port: 3000 },
      queues: "[oops",
      other: 7,
    });
  });

  it("treats empty values and lists as not set, because Pulumi.yaml declares such defaults", () => {
    const texts = {
      ...asTexts(onAws),
      context: "",
      kubeconfig: "",
      alertEmail: "",
      queues: "[]",
      apiAccessCidrs: "[]",
    };
    const { settings } = parseSettings("tierstack", texts);
    expect(settings).to.not.have.any.keys("context", "kubeconfig", "alertEmail", "apiAccessCidrs");
    expect(settings?.queues).to.deep.equal([]);
  });

  it("does not take a default for an empty value that should name one", () => {
    for (const key of ["tier", "cluster", "region", "maintenance", "allowDestroy"]) {
      const { problems } = parseSettings("tierstack", { ...asTexts(onAws), [key]: "" });
      expect(problems.map(({ where, given }) => `${where} ${given}`)).to.deep.equal([`tierstack:${key} ""`]);
    }
    const { problems } = parseSettings("tierstack", { ...asTexts(onAws), domain: "[]" });
    expect(problems.map(({ where, given }) => `${where} ${given}`)).to.deep.equal(["tierstack:domain []"]);
  });

  it("writes keys as a stack file nests them", () => {
    expect(keyOf("shop", ["tier"])).to.equal("shop:tier");
    expect(keyOf("shop", ["queues", 1, "name"])).to.equal("shop:queues[1].name");
  });

  it("fills in defaults", () => {
    const { app, queues, ...settings } = settingsOf({ ...onAws, queues: [{ name: "mail" }] });
    expect(settings).to.deep.equal({
      ...onAws,
      tier: "mvp",
      cluster: "aws",
      adopt: false,
      region: "us-east-1",
      maintenance: false,
      allowDestroy: false,
      passwordRotation: 0,
      network: { cidr: "10.20.0.0/16" },
      nodes: {},
      postgres: {},
      pgbouncer: {},
      redis: {},
      workers: {},
      edge: {},
      logs: {},
      observability: {},
      keep: {},
    });
    expect(app).to.deep.equal({
      port: 3000,
      healthPath: "/healthz",
      user: 1000,
      environment: {},
      secrets: {},
      egress: [],
      writable: [],
      schedules: [],
      scaleOnMemory: false,
    });
    expect(queues).to.deep.equal([{ name: "mail", priority: "normal", concurrency: 5 }]);
    expect(settingsOf(onAws).queues).to.deep.equal([]);
  });

  it("takes a list of strings in one string, separated by commas", () => {
    const { settings } = parseSettings("tierstack", {
      ...asTexts(onAws),
      apiAccessCidrs: "203.0.113.7/32, 198.51.100.0/24",
    });
    expect(settings?.apiAccessCidrs).to.deep.equal(["203.0.113.7/32", "198.51.100.0/24"]);
    const { problems } = parseSettings("tierstack", { ...asTexts(onAws), apiAccessCidrs: "203.0.113.7/32,home" });
    expect(problems.map(({ where, given }) => `${where} ${given}`)).to.deep.equal([
      'tierstack:apiAccessCidrs[1] "home"',
    ]);
  });
});
