import { expect } from "chai";
import { pricesByAge } from "../../../planner/cost/age";
import { cataloguePrices, type Price } from "../../../planner/cost/prices";
import { pricesView } from "../../../planner/views/prices";
import { plain } from "./support";

const price = (asOf: string | null): Price => ({ ...(cataloguePrices.get("kms.key") as Price), asOf });
const view = (asOf: string | null) =>
  pricesView(pricesByAge(new Map([["kms.key", price(asOf)]]), new Date("2026-11-29")), 365, plain).split("\n");

describe("view of prices", () => {
  it("is a line where none is old", () => {
    expect(view("2026-11-28")).to.deep.equal(["1 price, 1 day old; 0 without a date or older than 365 days", ""]);
    const both = ["2026-11-28", "2026-11-19"].map((asOf) => [asOf, price(asOf)] as const);
    expect(pricesView(pricesByAge(new Map(both), new Date("2026-11-29")), 365, plain)).to.equal(
      "2 prices, from 1 to 10 days old; 0 without a date or older than 365 days\n",
    );
  });

  it("has a row for each that is old or has no date", () => {
    expect(view(null)).to.deep.equal([
      "1 price, none with a date; 1 without a date or older than 365 days",
      "",
      "price    USD              as of    confidence",
      "kms.key  1 per key-month  no date  high",
      "",
    ]);
  });
});
