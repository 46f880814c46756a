import { expect } from "chai";
import { stopped } from "../../long/support/postgres";
import { Product } from "./support/product";

describe("migrations", () => {
  let product: Product;

  before(async function () {
    product = await Product.start(this);
  });

  after(async () => product?.close());

  const tables = () =>
    product.sql(
      "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace",
    );
  const done = () => product.sql("SELECT string_agg(name, ' ' ORDER BY name) FROM migrations");

  it("do nothing where there is nothing to do", async () => {
    const before = [tables(), done()];
    expect(before[1]).to.match(/^0001_product 0100_/);
    await product.migrate();
    expect([tables(), done()]).to.deep.equal(before);
  });

  it("run once, however many start at a time; the others wait, and succeed", async () => {
    const before = [tables(), done()];
    product.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION app");
    const runs = await Promise.all([1, 2, 3, 4].map(() => product.startCommand("migrate.ts")));
    const codes = await Promise.all(runs.map((run) => stopped(run.process)));
    expect(codes, runs.map((run) => run.log).join("")).to.deep.equal([0, 0, 0, 0]);
    expect([tables(), done()]).to.deep.equal(before);
    const applied = runs.filter((run) => run.log.includes("0001_product"));
    expect(applied).to.have.lengthOf(1);
  });
});
