import { expect } from "chai";
import { isManaged, nameOf } from "../../../../ops/drills/failover/managed";

describe("a store that AWS runs", () => {
  const rds = "shop-1.abc.us-east-1.rds.amazonaws.com:5432";

  it("is found by its address, in each of its forms", () => {
    expect(nameOf(rds)).to.equal("shop-1");
    expect(nameOf("master.shop-2.abc.use1.cache.amazonaws.com:6379")).to.equal("shop-2");
    expect(nameOf("clustercfg.shop-3.abc.use1.cache.amazonaws.com")).to.equal("shop-3");
    expect([isManaged(rds), isManaged("postgres.data.svc.cluster.local:5432")]).to.deep.equal([true, false]);
  });
});
