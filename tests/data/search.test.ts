import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Client } from "pg";
import { indexItems, searchItems } from "../../workload/search/search";
import { freePort, type Outcome, Sandbox } from "../long/support/postgres";
import { size } from "./support/full";

const root = join(__dirname, "..", "..");

/** A PyPI package that carries PostgreSQL 16.2 with pgvector 0.6.2: Debian 12 has no pgvector. */
const wheel = { name: "pgserver", version: "0.1.4", python: "3.11", platform: "manylinux2014_x86_64" };
const cached = join(root, ".cache", `${wheel.name}-${wheel.version}`);

/** Returns the folder of its programs; undefined where it cannot be fetched. */
function installed(): string | undefined {
  const programs = join(cached, wheel.name, "pginstall", "bin");
  if (existsSync(programs)) return programs;
  try {
    mkdirSync(cached, { recursive: true });
    const { name, version, python, platform } = wheel;
    const what = ["--python-version", python, "--platform", platform, "--only-binary=:all:", `${name}==${version}`];
    const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", cached, ...what];
    execFileSync("python3", pip, { stdio: "pipe" });
    const file = readdirSync(cached).find((entry) => entry.endsWith(".whl")) as string;
    execFileSync("python3", ["-m", "zipfile", "-e", join(cached, file), cached], { stdio: "pipe" });
    execFileSync("sh", ["-c", 'chmod +x "$0"/*', programs]);
    return programs;
  } catch {
    return undefined;
  }
}

const colours = ["red", "blue", "green", "black", "white"];
const kinds = ["sports car", "family van", "electric bicycle", "delivery truck"];

describe("search with pgvector", () => {
  const items = size(20_000, 2000);
  let sandbox: Sandbox;
  let client: Client;
  let url: string;

  before(async function () {
    const programs = installed();
    if (!programs) {
      console.log("    skipped: needs Python 3 with pip, PyPI and an x86-64 machine, for a PostgreSQL with pgvector");
      return this.skip();
    }
    sandbox = new Sandbox();
    const port = await freePort();
    // Where the servers' user can read it.
    execFileSync("cp", ["-r", join(programs, "..", ".."), sandbox.path("programs")]);
    execFileSync("cp", ["-r", join(cached, `${wheel.name}.libs`), sandbox.path(`${wheel.name}.libs`)]);
    const program = (name: string) => sandbox.path("programs", "pginstall", "bin", name);
    sandbox.must(program("initdb"), ["-D", sandbox.path("pgdata"), "-U", "postgres", "-A", "trust", "--no-sync"]);
    const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${sandbox.folder}`];
    const server = sandbox.start(program("postgres"), [
      ...["-D", sandbox.path("pgdata")],
      ...settings.flatMap((setting) => ["-c", setting]),
    ]);
    url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    client = await connected(server.log);
  });

  after(async () => {
    await client?.end();
    await sandbox?.close();
  });

  async function connected(log: () => string): Promise<Client> {
    for (let tries = 0; tries < 100; tries++) {
      const attempt = new Client({ connectionString: url });
      try {
        await attempt.connect();
        return attempt;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    throw new Error(log());
  }

  const migrate = (): Outcome => {
    const env = { DATABASE_DIRECT_URL: url, HOME: sandbox.folder };
    return sandbox.run("sh", ["-c", `cd ${root} && exec node --import tsx workload/migrate.ts`], env);
  };

  it("is refused by the migration without the extension, with what to do", async () => {
    const { status, stdout, stderr } = migrate();
    expect(status, stdout).not.to.equal(0);
    expect(stderr).to.contain(
      "search: given a database without the extension vector; allowed: pgvector 0.5 or newer; " +
        "fix: run the stack's bootstrap, or CREATE EXTENSION vector as a superuser, or set SEARCH=off",
    );
    // The migrations of the product stand.
    expect((await client.query("SELECT to_regclass('jobs') AS jobs")).rows).to.deep.equal([{ jobs: "jobs" }]);
    await client.query("CREATE EXTENSION vector");
    expect(migrate().status).to.equal(0);
  });

  it("indexes what is missing, once, in as many turns as it takes", async () => {
    // No two texts are alike.
    await client.query(
      `INSERT INTO items (title, category, description, price_cents)
       SELECT ($1::text[])[1 + n % 5] || ' ' || ($2::text[])[1 + n % 4], 'vehicles',
         md5((n % 41)::text) || ' ' || md5((n % 37)::text) || ' ' || n, n FROM generate_series(1, $3::int) n`,
      [colours, kinds, items],
    );
    expect(await indexItems(client, 300)).to.equal(items);
    expect(await indexItems(client, 300)).to.equal(0);
  });

  it("finds the nearest, by the HNSW index", async () => {
    await client.query("BEGIN READ ONLY");
    const hits = await searchItems(client, "Red sports CAR", 10);
    expect(hits.map(({ title }) => title)).to.deep.equal(Array(10).fill("red sports car"));
    expect(hits.map(({ score }) => score)).to.deep.equal(hits.map(({ score }) => score).sort((a, b) => b - a));
    await client.query("SET LOCAL enable_seqscan = off");
    const { rows: plan } = await client.query(
      "EXPLAIN SELECT item_id FROM item_embeddings ORDER BY embedding <=> (SELECT embedding FROM item_embeddings LIMIT 1) LIMIT 10",
    );
    await client.query("ROLLBACK");
    expect(JSON.stringify(plan)).to.contain("item_embeddings_hnsw");
  });

  it("finds what an exact search finds, but for a few", async () => {
    const top = 20;
    let found = 0;
    const queries = colours.flatMap((colour) => kinds.map((kind) => `${colour} ${kind}`));
    for (const query of queries) {
      await client.query("BEGIN READ ONLY");
      const near = await searchItems(client, query, top);
      await client.query("SET LOCAL enable_indexscan = off");
      const exact = await searchItems(client, query, top);
      await client.query("ROLLBACK");
      const worst = exact.at(-1)?.score ?? 0;
      // Of equal ones, any.
      found += near.filter(({ score }) => score >= worst).length;
    }
    expect(found / (queries.length * top)).to.be.at.least(0.9);
  });
});
