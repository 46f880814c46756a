import { Product } from "../../tests/data/workload/support/product";
import { itemsSql, zipfLoad } from "../../tests/data/workload/support/zipf-load";
import type { Case } from "./case";

/** What the guides want of the cache: of the look-ups, and of the queries. */
const wanted = 0.7;

const suite = {
  skip(): never {
    throw new Error("not every server is installed (see docs/contributing.md)");
  },
};

/** What the workload's cache saves, at its TTLs and a load after Zipf's law. */
export const cache: Case = {
  name: "cache",
  async run(progress) {
    const product = await Product.start(suite);
    try {
      product.sql(itemsSql);
      progress("with the cache, to warm up");
      await zipfLoad(product, "on");
      progress("with the cache");
      const on = await zipfLoad(product, "on");
      progress("without the cache");
      const off = await zipfLoad(product, "off");
      return [
        {
          what: "cache: look-ups that it answers / all",
          ratio: on.hitRate,
          wanted,
          detail: `${(100 * on.hitRate).toFixed(1)} %`,
        },
        {
          what: "cache: queries that it saves / queries without it",
          ratio: 1 - on.queries / off.queries,
          wanted,
          detail: `${off.queries - on.queries} / ${off.queries}`,
        },
        {
          what: "cache: p95 of a request without it / with it",
          ratio: off.p95 / on.p95,
          detail: `${off.p95.toFixed(1)} / ${on.p95.toFixed(1)} ms`,
        },
      ];
    } finally {
      await product.close();
    }
  },
};
