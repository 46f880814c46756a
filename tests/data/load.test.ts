import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { assumedCoefficients } from "../../planner/capacity/coefficients";
import { fitCoefficients } from "../../planner/capacity/fit";
import { readLoadTest } from "../../planner/capacity/read";
import { readResult } from "../../planner/load/result";
import { scenarios } from "../../planner/load/scenario";
import { runCli } from "../planner/cli/support";
import { size } from "./support/full";
import type { WorkloadProcess } from "./support/workload";
import { Product } from "./workload/support/product";

const secret = "whsec_bG9hZC10ZXN0LXNlY3JldA==";

describe("npm run load against the workload, PgBouncer, Postgres and Redis", () => {
  let product: Product;
  let app: WorkloadProcess;
  let folder: string;
  let secretBefore: string | undefined;

  before(async function () {
    folder = mkdtempSync(join(tmpdir(), "tierstack-load-"));
    secretBefore = process.env.WEBHOOK_SECRET;
    process.env.WEBHOOK_SECRET = secret;
    product = await Product.start(this);
    await product.seed();
    app = await product.startApp({ WEBHOOK_SECRETS: secret });
  });
  after(async () => {
    await product?.close();
    rmSync(folder, { recursive: true });
    if (secretBefore === undefined) delete process.env.WEBHOOK_SECRET;
    else process.env.WEBHOOK_SECRET = secretBefore;
  });

  const url = () => `http://127.0.0.1:${app.port}`;

  /** Runs a test. Its exit code hangs on this computer's speed, so it is none of what is expected. */
  async function load(name: string, ...argv: string[]) {
    const out = join(folder, `${name}.json`);
    const { code, stderr } = await runCli("load", url(), ...argv, "--out", out);
    expect(code, stderr).to.be.oneOf([0, 1]);
    return { out, result: readResult(out) };
  }

  /** The arguments that name a scenario: without searches, as the database has no pgvector here. */
  function chosen({ name, steps, ...scenario }: (typeof scenarios)[number]): string[] {
    const known = steps.filter(({ path }) => !path.startsWith("/api/search"));
    if (known.length === steps.length) return ["--scenario", name];
    const file = join(folder, `${name}-scenario.json`);
    writeFileSync(file, JSON.stringify({ name, ...scenario, steps: known }));
    return ["--file", file];
  }

  for (const scenario of scenarios)
    it(`sends every step of ${scenario.name}, and none fails`, async () => {
      const { result } = await load(
        scenario.name,
        ...chosen(scenario),
        "--rate",
        "10",
        "--duration",
        `${size(60, 10)}`,
      );
      const [level] = result.load.levels;
      expect(level?.kinds).to.deep.equal({});
      expect(level?.throughput).to.be.above(0);
    });

  it("had the effects that its answers promise: users, their jobs, and payments once each", () => {
    const count = (sql: string) => Number(product.sql(`SELECT count(*) FROM ${sql}`));
    expect(count("users")).to.be.above(10);
    expect(count("jobs")).to.be.above(0);
    expect(count("credits WHERE balance < 0")).to.equal(0);
    expect(count("credits WHERE balance > 100")).to.be.above(0);
  });

  it("writes a result that the capacity model is fitted from, with what the workload's own metrics say", async () => {
    const step = ["--step", `${size(40, 20)}`, "--rate", `${size(400, 100)}`, "--duration", `${size(20, 5)}`];
    const { out, result } = await load("staircase", ...step, "--metrics", `application=${url()}/metrics`);
    expect(result.load.unread).to.deep.equal([]);
    expect(Object.keys(result.sizes ?? {}).sort()).to.deep.equal(["application", "connections"]);
    expect(readLoadTest(out).points.length).to.be.at.least(5);
    // How closely the points follow the law hangs on what else this computer does, so the fit is asked, not the command.
    const { measured, coefficients } = fitCoefficients(readLoadTest(out), "staircase.json", assumedCoefficients);
    expect(measured?.fitted).to.deep.equal(["applicationCpuMs", "queryHoldMs"]);
    for (const name of ["applicationCpuMs", "queryHoldMs"] as const) expect(coefficients[name].expected).to.be.above(0);
    console.log(
      `    application ${coefficients.applicationCpuMs.expected} ms of CPU a request, residual ${measured?.residual}`,
    );
  });
});
