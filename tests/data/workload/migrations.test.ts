import { expect } from "chai";
import { partitionOf } from "../../../workload/events/partitions";
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

  it("leave the partitions of this month and the next ones, so that events can be written at once", () => {
    const names = [0, 1, 2, 3].map((more) => partitionOf(new Date(), more).name).join(" ");
    expect(
      product.sql(
        "SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY 1) FROM pg_inherits WHERE inhparent = 'events'::regclass",
      ),
    ).to.equal(names);
    product.sql("BEGIN; INSERT INTO events (kind) VALUES ('now'); ROLLBACK");
  });

  it("are followed by a seed, as often as one likes: items 1 to 1,000, and new ones after them", async () => {
    for (let run = 0; run < 2; run++) await product.seed();
    const next = "INSERT INTO items (title, category, price_cents) VALUES ('new', 'new', 1) RETURNING id";
    expect(product.sql(`BEGIN; ${next}; ROLLBACK`)).to.match(/^1001$/m);
    expect(product.sql("SELECT count(*) || ' ' || min(id) || ' ' || max(id) FROM items")).to.equal("1000 1 1000");
  });

  it("run once, however many start at a time; the others wait, and succeed", async () => {
    const before = [tables(), done()];
    product.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION app");
    const runs = await Promise.all([1, 2, 3, 4].map(() => product.startCommand("migrate.ts")));
    const codes = await Promise.all(runs.map((run) => run.ended));
    expect(codes, runs.map((run) => run.log).join("")).to.deep.equal([0, 0, 0, 0]);
    expect([tables(), done()]).to.deep.equal(before);
    const applied = runs.filter((run) => run.log.includes("0001_product"));
    expect(applied).to.have.lengthOf(1);
  });
});
