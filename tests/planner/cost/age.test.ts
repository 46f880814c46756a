import { expect } from "chai";
import { isOld, pricesByAge } from "../../../planner/cost/age";
import { cataloguePrices, type Price } from "../../../planner/cost/prices";

const price = (id: string, asOf: string | null): Price => ({ ...(cataloguePrices.get("kms.key") as Price), id, asOf });

describe("ages of prices", () => {
  const today = new Date("2026-11-29");
  const list = [
    price("new", "2026-11-28"),
    price("month", "2026-11"),
    price("year", "2025-11-29"),
    price("old", "2025-11-28"),
    price("none", null),
  ];
  const ages = pricesByAge(new Map(list.map((one) => [one.id, one])), today);

  it("are in days, the oldest first, those without a date before them", () => {
    expect(ages.map(({ price: { id }, days }) => [id, days])).to.deep.equal([
      ["none", null],
      ["old", 366],
      ["year", 365],
      ["month", 28],
      ["new", 1],
    ]);
  });

  it("count as old after the days that are accepted, and without a date", () => {
    expect(ages.filter((age) => isOld(age, 365)).map(({ price: { id } }) => id)).to.deep.equal(["none", "old"]);
    expect(ages.filter((age) => isOld(age, 0)).map(({ price: { id } }) => id)).to.deep.equal(
      ages.map((age) => age.price.id),
    );
  });
});
