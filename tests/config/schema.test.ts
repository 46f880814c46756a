import { expect } from "chai";
import { z } from "zod";
import { innermost, requiredInfo } from "../../config/fields";
import { regionNames } from "../../config/regions";
import { settingsSchema } from "../../config/schema";
import { tierNames } from "../../tiers";
import { formProblemsOf, onAws, withValue } from "../support/settings";

type Kind = "number" | "enum" | "string" | "boolean" | "array" | "record";

/** Every field below a schema that has a description, by path; `[]` is an item of a list. */
function fieldsOf(schema: z.ZodType, path: string): [path: string, schema: z.ZodType][] {
  const inner = innermost(schema);
  if (inner instanceof z.ZodObject)
    return Object.entries(inner.shape).flatMap(([key, field]) => fieldsOf(field, path === "" ? key : `${path}.${key}`));
  if (inner instanceof z.ZodArray && (inner.element as z.ZodType).meta())
    return [[path, schema], ...fieldsOf(inner.element as z.ZodType, `${path}[]`)];
  return [[path, schema]];
}

const fields = new Map(fieldsOf(settingsSchema, ""));
const pathsOf = (kind: Kind) =>
  [...fields].filter(([, schema]) => innermost(schema).def.type === kind).map(([path]) => path);
const allowedAt = (path: string) => requiredInfo(path, fields.get(path) as z.ZodType).allowed;

/** Whole numbers: least, greatest and unit. */
const numbers: Record<string, [min: number, max: number, unit?: string]> = {
  "app.port": [1024, 65535],
  "app.egress[].ports[]": [1, 65535],
  "app.user": [1, 2147483647],
  "app.minReplicas": [1, 100],
  "app.maxReplicas": [1, 100],
  "app.cpuMillicores": [10, 16000, "millicores"],
  "app.memoryMiB": [16, 65536, "MiB"],
  "app.writable[].sizeMiB": [1, 4096, "MiB"],
  "app.migrate.deadlineSeconds": [1, 14400, "seconds"],
  "app.migrate.cpuMillicores": [10, 16000, "millicores"],
  "app.migrate.memoryMiB": [16, 65536, "MiB"],
  "app.schedules[].deadlineSeconds": [1, 86400, "seconds"],
  "app.schedules[].cpuMillicores": [10, 16000, "millicores"],
  "app.schedules[].memoryMiB": [16, 65536, "MiB"],
  "queues[].cpuMillicores": [10, 16000, "millicores"],
  "queues[].memoryMiB": [16, 65536, "MiB"],
  "queues[].concurrency": [1, 1000, "jobs"],
  "queues[].maxJobSeconds": [1, 3600, "seconds"],
  budgetUsd: [1, 1000000, "USD"],
  accountBudgetUsd: [0, 1000000, "USD"],
  "handover.maxPauseMs": [100, 20000, "milliseconds"],
  passwordRotation: [0, 1000000],
  "nodes.dataVolumeGiB": [8, 16384, "GiB"],
  "nodes.maxNodes": [2, 100],
  "nodes.maxSpotNodes": [1, 100],
  "postgres.storageGiB": [1, 59578, "GiB"],
  "postgres.maxStorageGiB": [20, 65536, "GiB"],
  "postgres.replicas": [0, 5],
  "postgres.backupRetentionDays": [1, 35, "days"],
  "postgres.generation": [1, 1000],
  "postgres.majorVersion": [17, 18],
  "postgres.previous.storageGiB": [1, 59578, "GiB"],
  "postgres.previous.maxStorageGiB": [20, 65536, "GiB"],
  "postgres.previous.replicas": [0, 5],
  "postgres.previous.backupRetentionDays": [1, 35, "days"],
  "postgres.previous.generation": [1, 1000],
  "postgres.previous.majorVersion": [17, 18],
  "pgbouncer.replicas": [1, 20],
  "pgbouncer.poolSize": [1, 1000, "connections"],
  "pgbouncer.reservePoolSize": [0, 100, "connections"],
  "pgbouncer.sessionPoolSize": [1, 200, "connections"],
  "pgbouncer.maxClientConnections": [100, 50000, "connections"],
  "redis.shards": [1, 90],
  "redis.replicasPerShard": [0, 5],
  "redis.snapshotRetentionDays": [1, 35, "days"],
  "redis.storageGiB": [1, 1024, "GiB"],
  "observability.metricsGiB": [1, 1024, "GiB"],
  "observability.logsGiB": [1, 1024, "GiB"],
  "observability.mail.port": [1, 65535],
  "redis.memoryMiB": [64, 65536, "MiB"],
  "workers.minReplicas": [1, 100],
  "workers.maxReplicas": [1, 100],
  "workers.cpuMillicores": [10, 16000, "millicores"],
  "workers.memoryMiB": [16, 65536, "MiB"],
};

const enums: Record<string, readonly string[]> = {
  tier: tierNames,
  cluster: ["aws", "existing"],
  region: regionNames,
  backupRegion: regionNames,
  "queues[].priority": ["high", "normal", "low"],
  "queues[].capacity": ["spot", "on-demand"],
  "handover.switch": ["manual", "automatic"],
  "network.egress": ["public", "nat", "nat-per-zone"],
  "nodes.capacity": ["spot", "on-demand"],
};

const booleans = [
  "adopt",
  "app.scaleOnMemory",
  "maintenance",
  "handover.switched",
  "allowDestroy",
  "network.flowLogs",
  "postgres.multiAz",
  "postgres.crossRegionBackups",
  "postgres.previous.multiAz",
  "postgres.previous.crossRegionBackups",
  "redis.multiAz",
  "edge.waf",
  "logs.audit",
  "logs.requests",
  "observability.enabled",
  "keep.clusterStores",
  "keep.managedStores",
  "keep.nodeState",
];

/** Lists: fewest and most items, and an item. */
const lists: Record<string, [min: number, max: number, item: (at: number) => unknown]> = {
  apiAccessCidrs: [1, 40, () => "203.0.113.7/32"],
  "app.command": [1, Infinity, () => "serve"],
  "app.egress": [0, 50, () => ({ ports: [587] })],
  "app.writable": [0, 20, (at) => ({ path: `/cache-${at}` })],
  "app.schedules": [0, 50, (at) => ({ name: `job-${at}`, schedule: "15 3 * * *", command: ["job"] })],
  "app.schedules[].command": [1, Infinity, () => "report"],
  "app.migrate.command": [1, Infinity, () => "migrate"],
  "app.egress[].ports": [1, 20, (at) => at + 1],
  queues: [0, 200, (at) => ({ name: `queue-${at}` })],
  "queues[].command": [1, Infinity, () => "work"],
  "network.zones": [3, 3, (at) => `use1-az${at + 1}`],
  "nodes.instanceTypes": [1, 10, () => "t4g.large"],
  "nodes.spotInstanceTypes": [1, 10, () => "c7g.large"],
};

const keys = {
  accepted: [
    "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc",
    `arn:aws:kms:eu-west-1:123456789012:key/mrk-${"0".repeat(32)}`,
  ],
  refused: [
    "0a1b2c3d-0000-4000-8000-123456789abc",
    "alias/shop",
    "arn:aws:kms:us-east-1:123456789012:alias/shop",
    "arn:aws:kms:us-east-1:12345678901:key/0a1b2c3d-0000-4000-8000-123456789abc",
    "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abcd",
    `arn:aws:kms:eu-west-1:123456789012:key/mrk-${"0".repeat(31)}`,
  ],
};
const databaseClasses = {
  accepted: ["db.t4g.medium", "db.r7g.16xlarge"],
  refused: ["t4g.medium", "db.t4g", "db.T4g.medium", "db.t4g.medium.x", "cache.t4g.small"],
};
const digest = `@sha256:${"a".repeat(64)}`;
const instanceTypes = {
  accepted: ["t4g.large", "c7gn.xlarge", "im4gn.large", "r7g.2xlarge"],
  refused: ["t3.large", "m7i.large", "t4g", "T4g.large", "t4g.", "t4g.large.x", "large"],
};

const absolutePaths = {
  accepted: ["/", "/healthz", "/api/v1/health_check.json"],
  refused: ["", "healthz", "/a b", "/a?b=1"],
};

const namesUpTo = (max: number) => ({
  accepted: ["a", "mail", "mail-2", "a".repeat(max)],
  refused: ["2mail", "-a", "a-", "Mail", "a_b", "a.b", "a".repeat(max + 1)],
});
const names = { ...namesUpTo(40), refused: ["", ...namesUpTo(40).refused] };

const imageNames = {
  accepted: [
    "a:1",
    "ghcr.io/acme/shop:1.4.2",
    "acme/shop:latest-stable",
    `acme/shop:${"1".repeat(128)}`,
    "registry.example.com:5000/acme/shop:1.4.2",
    `shop${digest}`,
    `acme/shop:1.4.2${digest}`,
    `registry.example.com:5000/shop${digest}`,
  ],
  refused: [
    "acme/shop",
    "acme/shop:latest",
    "acme/shop:LATEST",
    "Acme/shop:1",
    "ghcr.io/acme/Shop:1",
    "ghcr.io/acme/-shop:1",
    "ghcr.io/acme/shop-:1",
    "ghcr.io/acme/sh..op:1",
    "https://ghcr.io/acme/shop:1",
    "registry.example.com:5000/acme/shop",
    "registry.example.com:5000/acme/shop:latest",
    "acme/shop:",
    "acme//shop:1",
    "acme/shop:.1",
    "acme/shop:1 2",
    ":1",
    "acme/shop@sha256:abc",
    `acme/shop:${"1".repeat(129)}`,
    `acme/shop${digest}a`,
  ],
};

/** Strings: what their patterns accept and refuse. */
const strings: Record<string, { accepted: string[]; refused: string[] }> = {
  kubeconfig: { accepted: ["~/.kube/config", "apiVersion: v1\nkind: Config\n"], refused: ["  "] },
  context: { accepted: ["k3d-local", "arn:aws:eks:eu-west-1:123456789012:cluster/a"], refused: ["  "] },
  storageClass: { accepted: ["a", "local-path", "gp3.encrypted"], refused: ["Local", "-a", "a-", "a b", "a_b"] },
  namespacePrefix: namesUpTo(20),
  kedaNamespace: namesUpTo(63),
  "network.zones[]": {
    accepted: ["use1-az1", "apne1-az4"],
    refused: ["us-east-1a", "use1", "use1-az", "use1-az1-"],
  },
  domain: {
    accepted: ["app.example.com", "a.io", `${"x".repeat(63)}.com`, `${"a.".repeat(125)}com`],
    refused: [
      "localhost",
      "App.example.com",
      "-a.example.com",
      "a-.example.com",
      "a..com",
      "example.c",
      "example.com.",
      "https://example.com",
      "192.0.2.1",
      `${"x".repeat(64)}.com`,
      `${"a.".repeat(125)}info`,
    ],
  },
  hostedZoneId: {
    accepted: ["ZABCDE", "Z0123456789EXAMPLE", `Z${"A".repeat(31)}`],
    refused: ["Z1234", "z0123456789", "X0123456789", "/hostedzone/Z0123456789", `Z${"A".repeat(32)}`],
  },
  permissionsBoundary: {
    accepted: [
      "arn:aws:iam::123456789012:policy/shop-production-boundary",
      `arn:aws:iam::123456789012:policy/teams/a+b=c,d.e@f_g-h/${"x".repeat(480)}`,
    ],
    refused: [
      "shop-production-boundary",
      "arn:aws:iam::aws:policy/AdministratorAccess",
      "arn:aws:iam::12345678901:policy/shop",
      "arn:aws:iam::123456789012:role/shop",
      "arn:aws:iam::123456789012:policy/",
      "arn:aws:iam::123456789012:policy/a b",
      `arn:aws:iam::123456789012:policy/${"x".repeat(513)}`,
    ],
  },
  kmsKeyArn: keys,
  "postgres.kmsKeyArn": keys,
  "postgres.previous.kmsKeyArn": keys,
  "apiAccessCidrs[]": {
    accepted: ["203.0.113.7/32", "52.0.0.0/8"],
    refused: [
      "203.0.113.7",
      "203.0.113/24",
      "1.2.3.4/",
      "1.2.3.4/032",
      "010.0.0.0/8",
      "256.0.0.0/8",
      "1.2.3.4/33",
      "1234.1.1.1/24",
      "1.2.3.4.5/8",
      "2001:db8::/32",
    ],
  },
  "app.egress[].cidr": {
    accepted: ["any", "203.0.113.0/24", "0.0.0.0/0"],
    refused: ["", "all", "203.0.113.0", "203.0.113.0/33", "010.0.0.0/8", "2001:db8::/32", "anyone", "many"],
  },
  alertEmail: {
    accepted: ["ops@example.com", "first.last+tag@mail.example.com"],
    refused: ["ops", "ops@example", "@example.com", "a b@example.com", "a@b@example.com"],
  },
  costAnomalies: {
    accepted: ["new", "arn:aws:ce::123456789012:anomalymonitor/0a1b2c3d-0000-4000-8000-123456789abc"],
    refused: [
      "none",
      "news",
      "arn:aws:ce::123456789012:anomalysubscription/0a1b2c3d-0000-4000-8000-123456789abc",
      "arn:aws:ce::12345678901:anomalymonitor/0a1b2c3d-0000-4000-8000-123456789abc",
      "arn:aws:ce::123456789012:anomalymonitor/0a1b2c3d",
    ],
  },
  image: imageNames,
  "queues[].image": imageNames,
  "handover.image": imageNames,
  "queues[].name": names,
  "app.schedules[].name": names,
  "app.schedules[].schedule": {
    accepted: ["15 3 * * *", "*/5 0-6 1,15 JAN-MAR MON", "0 0 31 12 6"],
    refused: [
      "",
      "@daily",
      "15 3 * *",
      "60 3 * * *",
      "0 24 * * *",
      "0 0 0 * *",
      "0 0 * 13 *",
      "0 0 * * 7",
      "a b c d e",
    ],
  },
  "app.writable[].path": {
    accepted: ["/cache", "/app/.next/cache", "/var/lib/x_1"],
    refused: ["", "/", "cache", "/cache/", "/a b", "/app/../etc", "/app/./x", "//x"],
  },
  "registry.server": {
    accepted: ["ghcr.io", "docker.io", "registry.example.com:5000", "localhost"],
    refused: ["", "https://ghcr.io", "ghcr.io/acme", "GHCR.io", "ghcr.io:", "-a.io"],
  },
  "registry.username": { accepted: ["acme", "acme+robot", "$oauthtoken"], refused: ["", "a b"] },
  "registry.password": { accepted: ["x", "two words"], refused: ["", " "] },
  "observability.mail.host": {
    accepted: ["smtp.example.com", "email-smtp.eu-west-1.amazonaws.com", "mail", "a1.b2"],
    refused: [
      "",
      "smtp.example.com:587",
      "smtp://smtp.example.com",
      "Smtp.example.com",
      "-a.example.com",
      "a..b",
      "a b",
    ],
  },
  "observability.mail.from": {
    accepted: ["alerts@example.com"],
    refused: ["", "alerts", "alerts@example", "Alerts <alerts@example.com>"],
  },
  "observability.mail.user": { accepted: ["alerts", "alerts@example.com", "AKIA+1"], refused: ["", "a b"] },
  "observability.mail.password": { accepted: ["x", "two words"], refused: ["", " "] },
  "observability.heartbeatUrl": { accepted: ["https://beats.example.com/4711", "[secret]"], refused: ["", " "] },
  "app.healthPath": absolutePaths,
  "app.livePath": absolutePaths,
  "queues[].list": { accepted: ["x", "bull:mail:wait", "x".repeat(200)], refused: ["", "a b", "x".repeat(201)] },
  "network.cidr": {
    accepted: ["10.0.0.0/16", "10.9.0.0/16", "10.20.0.0/16", "10.199.0.0/16", "10.249.0.0/16", "10.255.0.0/16"],
    refused: ["10.256.0.0/16", "10.020.0.0/16", "10.20.1.0/16", "10.20.0.0/24", "192.168.0.0/16", "110.20.0.0/16"],
  },
  "nodes.instanceTypes[]": instanceTypes,
  "nodes.spotInstanceTypes[]": instanceTypes,
  "postgres.instanceClass": databaseClasses,
  "postgres.previous.instanceClass": databaseClasses,
  "redis.nodeType": {
    accepted: ["cache.t4g.small", "cache.r7g.16xlarge"],
    refused: ["t4g.small", "cache.t4g", "cache.T4g.small", "cache.t4g.small.x", "db.t4g.small"],
  },
};

const variables = { accepted: ["KEY", "_key", "K2"], refused: ["2K", "MY-KEY", "MY.KEY", "MY KEY"] };

const accepts = (path: string, value: unknown) =>
  expect(formProblemsOf(withValue(path, value)), `${path}: ${JSON.stringify(value)}`).to.deep.equal([]);

/** One problem, at the field, with the values that the field allows. */
function refuses(path: string, value: unknown, allowed = allowedAt(path)): void {
  const found = formProblemsOf(withValue(path, value));
  const what = `${path}: ${JSON.stringify(value)}`;
  expect(found, what).to.have.length(1);
  expect(found[0], what).to.match(new RegExp(`^tierstack:${path.replaceAll("[]", "\\[0\\]")}: given `));
  expect(found[0], what).to.contain(`; allowed: ${allowed}; fix: `);
}

describe("settings schema", () => {
  const tables: [Kind, string[]][] = [
    ["number", Object.keys(numbers)],
    ["enum", Object.keys(enums)],
    ["boolean", booleans],
    ["array", Object.keys(lists)],
    ["string", Object.keys(strings)],
    ["record", ["app.environment", "app.secrets", "app.iamPolicy"]],
  ];
  for (const [kind, paths] of tables)
    it(`is tested in every field of type ${kind}`, () => {
      expect(paths).to.have.members(pathsOf(kind));
    });

  it("has no field of another type, and describes every field", () => {
    expect([...fields.keys()]).to.have.members(tables.flatMap(([, paths]) => paths));
    for (const [path, schema] of fields) expect(requiredInfo(path, schema).description, path).to.match(/\.$|`\.$/);
  });

  for (const [path, [min, max, unit]] of Object.entries(numbers))
    it(`accepts whole numbers from ${min} to ${max} in ${path}`, () => {
      const allowed = `a whole number${unit ? ` of ${unit}` : ""} from ${min} to ${max}`;
      for (const value of [min, max]) accepts(path, value);
      for (const value of [min - 1, max + 1, min + 0.5, null]) refuses(path, value, allowed);
      // A top-level value is text already.
      if (path.includes(".")) refuses(path, String(min), allowed);
    });

  for (const [path, values] of Object.entries(enums))
    it(`accepts ${values.join(", ")} in ${path}`, () => {
      for (const value of values) accepts(path, value);
      for (const value of ["other", `${values[0]}x`, values[0]?.toUpperCase(), 1])
        refuses(path, value, values.join(" | "));
    });

  for (const path of booleans)
    it(`accepts true and false in ${path}`, () => {
      for (const value of [true, false]) accepts(path, value);
      for (const value of ["yes", 1, null]) refuses(path, value, "true | false");
    });

  for (const [path, [min, max, item]] of Object.entries(lists))
    it(`accepts ${min} to ${max} items in ${path}`, () => {
      const list = (length: number) => Array.from({ length }, (_, at) => item(at));
      accepts(path, list(min));
      accepts(path, list(Math.min(max, 1000)));
      if (max < Infinity) refuses(path, list(max + 1));
      // An empty list in a key of its own counts as a key that is not set.
      if (min > 0 && path.includes(".")) refuses(path, list(min - 1));
      // A top-level list of strings may be one string, separated by commas (parse.test.ts).
      if (path !== "apiAccessCidrs") refuses(path, "text");
    });

  for (const [path, { accepted, refused }] of Object.entries(strings))
    it(`accepts ${path} by its pattern`, () => {
      for (const value of accepted) accepts(path, value);
      for (const value of refused) refuses(path, value);
      // A top-level value is text already.
      if (path.includes(".")) refuses(path, true);
    });

  for (const path of ["app.environment", "app.secrets"])
    it(`accepts names of variables in ${path}, with text as values`, () => {
      for (const name of variables.accepted) accepts(path, { [name]: "text" });
      for (const name of variables.refused)
        expect(formProblemsOf(withValue(path, { [name]: "text" }))).to.deep.equal([
          `tierstack:${path}.${name}: given the name "${name}"; allowed: letters, digits and underscores, not starting ` +
            "with a digit; fix: rename it",
        ]);
      refuses(path, "text");
      const [problem] = formProblemsOf(withValue(path, { KEY: 42 }));
      expect(problem).to.match(/^tierstack:app\.\w+\.KEY: given .+; allowed: NAME: .+; fix: put it in quotes$/);
    });

  it("accepts the elements of an IAM policy in app.iamPolicy; its rule checks what they hold", () => {
    accepts("app.iamPolicy", { Version: "2012-10-17", Id: "uploads", Statement: [] });
    refuses("app.iamPolicy", "s3:GetObject");
    expect(formProblemsOf(withValue("app.iamPolicy", { Statements: [] }))).to.deep.equal([
      'tierstack:app.iamPolicy.Statements: given the name "Statements"; allowed: Version, Id, Statement; fix: rename it',
    ]);
  });

  it("refuses an empty word in a command", () => {
    expect(formProblemsOf(withValue("app.command", ["serve", ""]))).to.deep.equal([
      'tierstack:app.command[1]: given ""; allowed: a list of 1 or more words; fix: change tierstack:app.command[1]',
    ]);
  });

  it("requires an image, and a name of every queue", () => {
    expect(
      formProblemsOf({ ...onAws, image: undefined, queues: [{}] }).map((text) => text.split("; ")[0]),
    ).to.deep.equal(["tierstack:image: given nothing", "tierstack:queues[0].name: given nothing"]);
  });
});
