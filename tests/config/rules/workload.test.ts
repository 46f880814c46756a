import { expect } from "chai";
import { completeRegistry, onAws, onExisting, problemsOf } from "../../support/settings";

/** Bad input, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "two queues of the same name",
    { ...onAws, tier: "startup", queues: [{ name: "mail" }, { name: "mail" }] },
    "tierstack:queues: given two queues named mail; allowed: a different name for each queue; fix: rename one of them",
  ],
  [
    "a variable that the stack sets",
    { ...onAws, app: { environment: { DATABASE_URL: "x" } } },
    "tierstack:app.environment.DATABASE_URL: given a variable that the stack sets; allowed: any name except PORT, " +
      "DATABASE_URL, DATABASE_READ_URL, DATABASE_DIRECT_URL, REDIS_URL, REDIS_CLUSTER, PGSSLROOTCERT, NODE_EXTRA_CA_CERTS, " +
      "WORKER_QUEUE, WORKER_CONCURRENCY, WORKER_LIST; fix: remove it",
  ],
  [
    "a variable in both environment and secrets",
    { ...onAws, app: { environment: { KEY: "x" }, secrets: { KEY: "y" } } },
    "tierstack:app.environment.KEY: given a variable that app.secrets has too; allowed: each variable in app.environment or " +
      "app.secrets, not in both; fix: remove it from app.environment",
  ],
];

describe("rules about the workload", () => {
  for (const [what, input, message] of bad)
    it(`refuses ${what}`, () => {
      expect(problemsOf(input)).to.deep.equal([message]);
    });

  it("refuses a secret that the stack sets", () => {
    const [problem] = problemsOf({ ...onAws, app: { secrets: { REDIS_URL: "x" } } });
    expect(problem).to.match(/^tierstack:app\.secrets\.REDIS_URL: given a variable that the stack sets; /);
  });

  it("refuses the ports of the gateway", () => {
    for (const port of [10080, 10443])
      expect(problemsOf({ ...onAws, app: { port } })).to.deep.equal([
        `tierstack:app.port: given ${port}; allowed: any port from 1024 except 10080, 10443, 10444, which the gateway in ` +
          "the pod uses; fix: choose another port; the application reads it from PORT",
      ]);
    expect(problemsOf({ ...onAws, app: { port: 10081 } })).to.deep.equal([]);
  });

  it("refuses two schedules of the same name", () => {
    const schedule = { name: "report", schedule: "15 3 * * *", command: ["report"] };
    expect(problemsOf({ ...onAws, app: { schedules: [schedule, schedule] } })).to.deep.equal([
      "tierstack:app.schedules: given two schedules named report; allowed: a different name for each schedule; fix: " +
        "rename one of them",
    ]);
  });

  it("refuses writable directories that overlap", () => {
    const given = (...paths: string[]) => problemsOf({ ...onAws, app: { writable: paths.map((path) => ({ path })) } });
    expect(given("/app/.next/cache", "/app/cache")).to.deep.equal([]);
    expect(given("/tmp")).to.deep.equal([
      'tierstack:app.writable[0].path: given "/tmp"; allowed: a directory outside of /tmp, and not around it; fix: ' +
        "remove it: /tmp is writable already",
    ]);
    expect(given("/app", "/app/cache").map((line) => line.split("; fix")[0])).to.deep.equal([
      'tierstack:app.writable[0].path: given "/app"; allowed: a directory outside of /app/cache, and not around it',
      'tierstack:app.writable[1].path: given "/app/cache"; allowed: a directory outside of /app, and not around it',
    ]);
    for (const path of ["/etc", "/etc/tierstack/x", "/proc/x"]) expect(given(path), path).to.have.length(1);
  });

  it("accepts credentials for the image of a queue, and names every registry otherwise", () => {
    const given = { ...onAws, image: "acme/shop:1", queues: [{ name: "mail", image: "ghcr.io/acme/mail:1" }] };
    expect(problemsOf({ ...given, registry: completeRegistry })).to.deep.equal([]);
    const [problem] = problemsOf({ ...given, registry: { ...completeRegistry, server: "quay.io" } });
    expect(problem).to.contain("; allowed: docker.io or ghcr.io, the registry of an image; ");
  });

  it("refuses the health path as the live path", () => {
    expect(problemsOf({ ...onAws, app: { livePath: "/livez" } })).to.deep.equal([]);
    expect(problemsOf({ ...onAws, app: { livePath: "/healthz" } })).to.deep.equal([
      'tierstack:app.livePath: given "/healthz"; allowed: a path other than app.healthPath: that one may fail while a ' +
        "store does, and every pod would be restarted; fix: remove app.livePath, or name a path that does not query a store",
    ]);
  });

  it("refuses credentials that no image uses", () => {
    expect(problemsOf({ ...onAws, registry: completeRegistry })).to.deep.equal([]);
    expect(
      problemsOf({ ...onAws, image: "acme/shop:1", registry: { ...completeRegistry, server: "docker.io" } }),
    ).to.deep.equal([]);
    expect(problemsOf({ ...onAws, image: "acme/shop:1", registry: completeRegistry })).to.deep.equal([
      "tierstack:registry.server: given ghcr.io; allowed: docker.io, the registry of the image; fix: name the registry " +
        "of the image, or remove registry",
    ]);
  });

  it("refuses credentials of ECR, which expire", () => {
    const server = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    const given = { image: `${server}/shop:1`, registry: { ...completeRegistry, server } };
    const message = (fix: string) =>
      `tierstack:registry.server: given ${server}; allowed: a registry other than ECR, whose passwords expire after ` +
      `twelve hours; fix: remove registry${fix}`;
    expect(problemsOf({ ...onAws, ...given })).to.deep.equal([message(": the nodes pull from ECR by their role")]);
    expect(problemsOf({ ...onExisting, ...given })).to.deep.equal([
      message(", and let the nodes of the cluster pull from ECR by their role"),
    ]);
  });

  it("refuses a writable directory in the place of the image's programs", () => {
    const refused = (path: string) => problemsOf({ ...onExisting, app: { writable: [{ path }] } });
    expect(refused("/usr/local")).to.deep.equal([
      'tierstack:app.writable[0].path: given "/usr/local"; allowed: a directory of the application\'s own: an empty one ' +
        "hides what the image has there; fix: name the directory that the application writes to",
    ]);
    for (const path of ["/bin", "/usr", "/etc"]) expect(refused(path), path).to.have.length(1);
    expect(refused("/usr/src/app/.next/cache")).to.deep.equal([]);
  });

  it("refuses a range of cron that ends before it begins", () => {
    const schedules = [{ name: "report", schedule: "0 10-5 * * *", command: ["report"] }];
    expect(problemsOf({ ...onExisting, app: { schedules } })).to.deep.equal([
      'tierstack:app.schedules[0].schedule: given "0 10-5 * * *", with the range 10-5; allowed: ranges that begin before ' +
        "they end; fix: write two ranges with a comma between",
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
});
