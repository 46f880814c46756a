import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { Client } from "pg";
import { archiveEvents, type Bucket } from "../../workload/events/archive";
import { partitionOf } from "../../workload/events/partitions";
import { Archive } from "../../workload/events/storage";
import { type Moto, startMoto } from "../long/support/moto";
import { size } from "./support/full";
import { WorkloadProcess } from "./support/workload";
import { Product } from "./workload/support/product";

const bucket = "old-events";
const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
const retentionMonths = 2;
const rows = size(200_000, 6000);

async function* only(piece: Buffer): AsyncGenerator<Buffer> {
  yield piece;
}

/** The partition of a month before this one. */
const monthBefore = (months: number) => partitionOf(new Date(), -months);

/** Real Postgres; the object store is moto, which speaks S3 and checks the checksums of parts. */
describe("events by month", () => {
  let product: Product;
  let moto: Moto | undefined;
  let client: Client;
  let archive: Archive;

  before(async function () {
    this.timeout(300_000);
    moto = await startMoto();
    if (!moto) {
      console.log("    skipped: needs Python 3 with venv, and PyPI, for moto");
      return this.skip();
    }
    product = await Product.start(this);
    client = await connect();
    Object.assign(process.env, credentials);
    archive = new Archive({ bucket, region: "eu-central-1", endpoint: moto.url });
    await fetch(`${moto.url}/${bucket}`, { method: "PUT" });
  });

  after(async () => {
    for (const name of Object.keys(credentials)) delete process.env[name];
    await client?.end();
    await product?.close();
    moto?.process.kill();
  });

  async function clear(): Promise<void> {
    for (const name of await tables()) await client.query(`DROP TABLE ${name}`);
    await client.query("TRUNCATE event_archives");
  }

  beforeEach(clear);

  async function connect(): Promise<Client> {
    const { DATABASE_DIRECT_URL } = product.environment;
    const connected = new Client({ connectionString: `${DATABASE_DIRECT_URL}&sslrootcert=${product.server.tls.ca}` });
    await connected.connect();
    return connected.on("error", () => {});
  }

  /** Archives on a connection that is cut off after a number of steps: queries, pieces of an object, objects. */
  async function killedAt(step: number): Promise<void> {
    const own = await connect();
    let left = step;
    let die = () => {};
    const killed = new Promise<void>((resolve) => {
      die = resolve;
    });
    const alive = <T>(work: () => Promise<T>): Promise<T> => {
      if (left-- > 0) return work();
      die();
      return new Promise(() => {});
    };
    const pieces = async function* (body: AsyncIterable<Buffer>) {
      for await (const piece of body) yield await alive(async () => piece);
    };
    const bucketThatDies: Bucket = {
      put: (key, body) => alive(() => archive.put(key, pieces(body))),
      get: (key) => alive(() => archive.get(key)),
    };
    const query = own.query.bind(own) as (...args: unknown[]) => Promise<never>;
    const database = { query: (...args: unknown[]) => alive(() => query(...args)) } as unknown as Client;
    await Promise.race([killed, archiveEvents(database, bucketThatDies, new Date(), retentionMonths)]);
    await own.end();
  }

  /** Runs the maintenance, as its schedule does. */
  async function maintain(to = bucket): Promise<{ status: number | null; log: string }> {
    const run = await WorkloadProcess.start("maintain.ts", {
      ...product.environment,
      AWS_REGION: "eu-central-1",
      ...credentials,
      ARCHIVE_ENDPOINT: (moto as Moto).url,
      EVENTS_RETENTION_MONTHS: String(retentionMonths),
      ...(to && { ARCHIVE_BUCKET: to }),
    });
    return { status: await run.ended, log: run.log };
  }

  async function addPartition(months: number, count = 0): Promise<string> {
    const { name, from, to } = monthBefore(months);
    await client.query(
      `CREATE TABLE ${name} PARTITION OF events FOR VALUES FROM ('${from.toISOString()}') TO ('${to.toISOString()}')`,
    );
    const sql =
      "INSERT INTO events (at, kind, user_id, data) SELECT $1::timestamptz + n * interval '1 second', 'seen', n, jsonb_build_object('n', n) FROM generate_series(1, $2::int) n";
    await client.query(sql, [from, count]);
    return name;
  }

  const partitions = async () => {
    const sql =
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'events'::regclass ORDER BY 1";
    return (await client.query(sql)).rows.map(({ name }) => name as string);
  };
  const tables = async () => {
    const sql = "SELECT relname FROM pg_class WHERE relname ~ '^events_\\d{4}_\\d\\d$' AND relkind = 'r' ORDER BY 1";
    return (await client.query(sql)).rows.map(({ relname }) => relname as string);
  };
  const ahead = () => [0, -1, -2, -3].map((months) => monthBefore(months).name);

  /** The events of an archived month, by their number. */
  async function archived(months: number): Promise<{ n: number }[]> {
    const { name, from } = monthBefore(months);
    const answer = await fetch(`${(moto as Moto).url}/${bucket}/events/${from.getUTCFullYear()}/${name}.ndjson.gz`);
    expect(answer.status).to.equal(200);
    const text = gunzipSync(Buffer.from(await answer.arrayBuffer())).toString();
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).data);
  }

  it("have partitions ahead, which a second run finds; events of this month and the next go into them", async () => {
    expect((await maintain()).log).to.contain(`"created":${JSON.stringify(ahead())}`);
    expect(await partitions()).to.deep.equal(ahead());
    expect((await maintain()).log).to.contain('"created":[]');
    await client.query("INSERT INTO events (kind) VALUES ('now')");
    await client.query("INSERT INTO events (at, kind) VALUES ($1, 'next')", [monthBefore(-1).from]);
    const { rows: found } = await client.query("SELECT tableoid::regclass::text AS name FROM events ORDER BY at");
    expect(found.map(({ name }) => name)).to.deep.equal(ahead().slice(0, 2));
  });

  it("leave the table for the bucket once they are older than the retention, row by row the same", async () => {
    const [old, older, kept] = [await addPartition(3, rows), await addPartition(4, 0), await addPartition(2, 5)];
    const { status, log } = await maintain();
    expect(status, log).to.equal(0);
    expect(log).to.contain(`"archived":{"${older}":0,"${old}":${rows}}`);
    expect(await tables()).to.deep.equal([kept, ...ahead()]);
    expect((await client.query("SELECT count(*) FROM events")).rows[0].count).to.equal(5);
    expect((await archived(3)).map(({ n }) => n)).to.deep.equal(Array.from({ length: rows }, (_, at) => at + 1));
    const { rows: records } = await client.query("SELECT partition, rows FROM event_archives ORDER BY 1");
    expect(records).to.deep.equal([
      { partition: older, rows: 0 },
      { partition: old, rows },
    ]);
  });

  it("are maintained with sessions, of which expired ones leave", async () => {
    const user = "INSERT INTO users (email, name) VALUES ('a@example.com', 'a') RETURNING id";
    const { id } = (await client.query(user)).rows[0];
    const session = "INSERT INTO sessions VALUES ($1, $2, now() + make_interval(mins => $3))";
    for (const [hash, minutes] of [
      ["old", -1],
      ["open", 60],
    ])
      await client.query(session, [hash, id, minutes]);
    expect((await maintain("")).log).to.contain('"expired":1');
    const { rows: kept } = await client.query("SELECT token_hash FROM sessions");
    expect(kept).to.deep.equal([{ token_hash: "open" }]);
  });

  it("stay in the database without a bucket", async () => {
    const old = await addPartition(5, 1);
    const { status, log } = await maintain("");
    expect(status, log).to.equal(0);
    expect(log).to.contain('"archived":{}');
    expect(await tables()).to.include(old);
  });

  it("stay where the bucket does not have what was uploaded, and are uploaded again", async () => {
    const old = await addPartition(3, 10);
    const damaged: Bucket = {
      put: async (key, body) => {
        const parts: Buffer[] = [];
        for await (const part of body) parts.push(part);
        // A shorter object, as of a run before.
        await archive.put(key, only(gzipSync('{"data":{"n":1}}\n')));
      },
      get: (key) => archive.get(key),
    };
    const error = await archiveEvents(client, damaged, new Date(), retentionMonths).catch((thrown: Error) => thrown);
    expect(error)
      .to.have.property("message")
      .that.matches(/ has 1 rows with hash .*, the partition 10 with .*; it is kept/);
    expect(await tables()).to.deep.equal([old]);
    expect(await archiveEvents(client, archive, new Date(), retentionMonths)).to.deep.equal({ [old]: 10 });
    expect(await archived(3)).to.have.length(10);
    expect(await tables()).to.deep.equal([]);
  });

  it("are not uploaded again by the run after one that could not read them back", async () => {
    const old = await addPartition(3, 10);
    const silent: Bucket = { put: (...args) => archive.put(...args), get: () => Promise.reject(new Error("silent")) };
    const error = await archiveEvents(client, silent, new Date(), retentionMonths).catch((thrown: Error) => thrown);
    expect(error).to.have.property("message", "silent");
    const { rows: records } = await client.query("SELECT archived_at FROM event_archives");
    const { status, log } = await maintain();
    expect(status, log).to.equal(0);
    expect(log).to.contain(`"archived":{"${old}":10}`);
    expect((await client.query("SELECT archived_at FROM event_archives")).rows).to.deep.equal(records);
  });

  it("leave no half object in the bucket after a run that was killed", async () => {
    const uploads = async () => {
      const text = await (await fetch(`${(moto as Moto).url}/${bucket}?uploads`)).text();
      return text.split("<UploadId>").length - 1;
    };
    const begun = await uploads();
    const stuck = async function* () {
      yield Buffer.alloc(9 * 1024 * 1024);
      await new Promise(() => {});
    };
    void archive.put("events/killed", stuck());
    for (let tries = 0; tries < 100 && (await uploads()) === begun; tries++) await sleep(50);
    expect(await uploads()).to.equal(begun + 1);
    await archive.put("events/killed", only(Buffer.from("whole")));
    expect(await uploads()).to.equal(begun);
  });

  it("are all there, once, wherever the archiving is killed and run again", async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(steps, async (deaths) => {
        await clear();
        const [old, older] = [await addPartition(3, 3000), await addPartition(4, 10)];
        for (const step of deaths) await killedAt(step);
        await archiveEvents(client, archive, new Date(), retentionMonths);
        expect(await tables(), `${old} ${older}`).to.deep.equal([]);
        expect((await archived(3)).map(({ n }) => n)).to.deep.equal(Array.from({ length: 3000 }, (_, at) => at + 1));
        expect(await archived(4)).to.have.length(10);
        expect((await client.query("SELECT FROM event_archives")).rowCount).to.equal(2);
      }),
      { numRuns: size(100, 15) },
    );
  });
});
