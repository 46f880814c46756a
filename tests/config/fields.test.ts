import { expect } from "chai";
import { z } from "zod";
import {
  array,
  boolean,
  defaultText,
  infoOf,
  innermost,
  integer,
  object,
  oneOf,
  override,
  record,
  requiredInfo,
  schemaAt,
  string,
} from "../../config/fields";

const port = integer({ min: 1, max: 9, unit: "doors", description: "A port." });
const names = { pattern: /^[a-z]+$/, allowed: "small letters" };
const word = string(/^\w+$/, { description: "A word.", allowed: "a word", fix: "shorten it" });

describe("fields", () => {
  it("say which values they allow", () => {
    const allowedOf = (schema: z.ZodType) => infoOf(schema)?.allowed;
    const listOf = (min?: number, max?: number) =>
      allowedOf(array(word, { description: "Words.", items: "words", min, max }));
    expect(allowedOf(port)).to.equal("a whole number of doors from 1 to 9");
    expect(allowedOf(integer({ min: 0, max: 5, description: "A number." }))).to.equal("a whole number from 0 to 5");
    expect(allowedOf(oneOf(["a", "b"], { description: "A or b." }))).to.equal("a | b");
    expect(allowedOf(boolean("A switch."))).to.equal("true | false");
    expect(allowedOf(object({ a: port, b: word }, "Both."))).to.equal("an object with the keys a, b");
    expect([listOf(1, 4), listOf(undefined, 4), listOf(2)]).to.deep.equal([
      "a list of 1 to 4 words",
      "a list of at most 4 words",
      "a list of 2 or more words",
    ]);
    expect(infoOf(record(names, word, { description: "Words by name.", allowed: "name: word" }))).to.deep.equal({
      description: "Words by name.",
      allowed: "name: word",
      names: "small letters",
    });
  });

  it("keep their description inside wrappers", () => {
    for (const schema of [word, word.optional(), word.default("a"), word.prefault("a").optional()])
      expect(infoOf(schema)).to.deep.equal({ description: "A word.", allowed: "a word", fix: "shorten it" });
    expect(infoOf(z.string())).to.equal(undefined);
    expect(infoOf(undefined)).to.equal(undefined);
    expect(() => requiredInfo("app.port", z.string())).to.throw("app.port has no description");
  });

  it("take the text of a default from its value", () => {
    const texts = [
      port.default(5),
      word.default("a"),
      boolean("A switch.").default(false),
      array(word, { description: "Words.", items: "words" }).default([]),
      record(names, word, { description: "Words.", allowed: "words" }).default({}),
      array(word, { description: "Words.", items: "words" }).default(["a", "b"]),
    ].map(defaultText);
    expect(texts).to.deep.equal(["5", "a", "false", "none", "none", '["a","b"]']);
  });

  it("take the text of a default from the words where there is no value", () => {
    expect(defaultText(word.optional())).to.equal("none");
    expect(defaultText(string(/a/, { description: "A.", allowed: "a", default: "b" }).optional())).to.equal("b");
  });

  it("are optional as overrides, with the tier's value as default", () => {
    expect(defaultText(override(port))).to.equal("the tier's");
    expect(defaultText(override(port, "computed"))).to.equal("computed");
    expect(infoOf(override(port))).to.include({
      description: "A port.",
      allowed: "a whole number of doors from 1 to 9",
    });
    expect(override(port).parse(undefined)).to.equal(undefined);
    expect(() => override(z.string())).to.throw("has no description");
  });

  it("are found by path, through objects, lists and records", () => {
    const root = object(
      { list: array(object({ port }, "An item."), { description: "Items.", items: "items" }).default([]) },
      "All.",
    );
    expect(schemaAt(root, ["list", 3, "port"])).to.equal(port);
    expect(schemaAt(root, ["list", 3, "other"])).to.equal(undefined);
    expect(schemaAt(root, ["list", 3, "port", "deeper"])).to.equal(undefined);
    expect(schemaAt(record(names, word, { description: "Words.", allowed: "words" }), ["key"])).to.equal(word);
    expect(innermost(override(port).prefault(3)).def.type).to.equal("number");
  });
});
