import { expect } from "chai";
import { z } from "zod";
import { innermost, requiredInfo } from "../../config/fields";
import { regionNames } from "../../config/regions";
import { settingsSchema } from "../../config/schema";
import { tierNames } from "../../tiers";
import { formProblemsOf, onAws, withValue } from "../support/settings";
import { strings } from "./support/strings";

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
