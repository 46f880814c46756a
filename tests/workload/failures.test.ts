import { expect } from "chai";
import { Unavailable } from "../../workload/failures";

const error = (code: string | undefined, message = "text") => Object.assign(new Error(message), { code });

describe("failures of a store", () => {
  for (const code of [
    "08006",
    "08P01",
    "53300",
    "57P01",
    "57P03",
    "25006",
    "58000",
    "ECONNREFUSED",
    "EPIPE",
    "ENOTFOUND",
  ])
    it(`${code} is one`, () => {
      const cause = error(code);
      const found = Unavailable.of(cause, "primary");
      expect([found?.store, found?.message, found?.cause]).to.deep.equal([
        "primary",
        "primary is not available",
        cause,
      ]);
    });

  for (const message of [
    "Query read timeout",
    "timeout exceeded when trying to connect",
    "Connection terminated unexpectedly",
  ])
    it(`"${message}" is one`, () => {
      expect(Unavailable.of(error(undefined, message))?.store).to.equal("database");
    });

  // A statement that was wrong, too long or in conflict: trying it elsewhere helps nobody.
  for (const code of ["23505", "40001", "42P01", "57014", "22P02"])
    it(`${code} is none`, () => {
      expect(Unavailable.of(error(code, "canceling statement due to statement timeout"))).to.equal(undefined);
    });

  it("is the same for whoever asks later", () => {
    const first = Unavailable.of(error("08006"), "read");
    expect(Unavailable.of(first, "primary")).to.equal(first);
  });
});
