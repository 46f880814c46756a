import { expect } from "chai";
import { differenceOf } from "../../handover/fingerprint";
import { secondsLeft } from "../../handover/follow";
import { chosen, withoutPassword, withoutUnknown } from "../../handover/prepare";
import { readSequences } from "../../handover/sequences";

describe("what a handover copies beside rows", () => {
  it("leaves the comments of extensions out of the dump: not even their owner may write them on RDS", () => {
    const list = [
      "2; 3079 16388 EXTENSION - vector ",
      "3300; 0 0 COMMENT - EXTENSION vector ",
      "215; 1259 16392 TABLE public EXTENSION_notes app",
      "3301; 0 0 COMMENT public TABLE a app",
    ];
    expect(chosen(list.join("\n"))).to.equal([list[0], list[2], list[3]].join("\n"));
  });

  it("leaves out what an older server does not know", () => {
    expect(withoutUnknown("SET lock_timeout = 0;\nSET transaction_timeout = 0;\nSELECT 1;")).to.equal(
      "SET lock_timeout = 0;\n\nSELECT 1;",
    );
  });

  it("takes the password out of a URL, which other processes see", () => {
    expect(withoutPassword("postgres://postgres:a%2Fb@host:5432/app?sslmode=require")).to.deep.equal({
      url: "postgres://postgres@host:5432/app?sslmode=require",
      password: "a/b",
    });
  });

  it("reads every sequence in one statement, whatever its name", () => {
    expect(readSequences(["public.a", `public."It's"`])).to.equal(
      "SELECT coalesce(json_agg(s), '[]') AS values FROM (SELECT 'public.a' AS name, last_value AS value, is_called AS called FROM public.a" +
        ` UNION ALL SELECT 'public."It''s"' AS name, last_value AS value, is_called AS called FROM public."It's") s`,
    );
  });

  it("names the lines of a schema that one side alone has", () => {
    expect(differenceOf(["table a ", "table b"], ["table a ", "table c"])).to.deep.equal([
      "the source alone has table b",
      "the target alone has table c",
    ]);
  });

  it("expects the rest of a copy at the pace so far", () => {
    const copy = (copied: number, of: number) => ({
      tables: { copied: 0, of: 1 },
      bytes: { copied, of },
      rows: 0,
      lagBytes: 0,
      connected: true,
      lost: false,
    });
    expect(secondsLeft(copy(25, 100), 10)).to.equal(30);
    expect(secondsLeft(copy(110, 100), 10)).to.equal(0);
    expect(secondsLeft(copy(0, 100), 10)).to.equal(undefined);
  });
});
