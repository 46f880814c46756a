import { expect } from "chai";
import { Product } from "./support/product";
import { itemsSql, zipfLoad } from "./support/zipf-load";

describe("the cache at its TTLs, under a load after Zipf's law", () => {
  let product: Product;

  before(async function () {
    product = await Product.start(this);
    product.sql(itemsSql);
  });

  after(async () => product?.close());

  it("answers 70 % of the look-ups, and saves 70 % of the queries", async () => {
    const [on, off] = [await zipfLoad(product, "on"), await zipfLoad(product, "off")];
    const saved = 1 - on.queries / off.queries;
    console.log(
      `      hit rate ${(100 * on.hitRate).toFixed(1)} %; queries ${on.queries} with the cache, ${off.queries} without, ` +
        `${(100 * saved).toFixed(1)} % saved; p95 ${on.p95.toFixed(1)} ms with, ${off.p95.toFixed(1)} ms without`,
    );
    expect(on.hitRate).to.be.at.least(0.7);
    expect(saved).to.be.at.least(0.7);
  });
});
