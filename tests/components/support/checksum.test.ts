import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { checksum } from "../../../components/support/checksum";

const sumOf = (content: Parameters<typeof checksum>[0]) =>
  new Promise<string>((resolve) => checksum(content).apply(resolve));

describe("checksum of what a pod reads", () => {
  it("does not depend on the order of the keys", async () => {
    const digest = createHash("sha256").update('[["a","1"],["b","2"],["c","3"]]').digest("hex");
    for (const keys of ["abc", "acb", "bac", "bca", "cab", "cba"]) {
      const content = Object.fromEntries([...keys].map((key) => [key, String("abc".indexOf(key) + 1)]));
      expect(await sumOf(content), keys).to.equal(digest);
    }
  });

  it("changes with a key and with a value", async () => {
    const sums = await Promise.all([sumOf({ a: "1" }), sumOf({ a: "2" }), sumOf({ b: "1" }), sumOf({})]);
    expect(new Set(sums).size).to.equal(4);
  });

  it("is not secret, even of secret content", async () => {
    expect(await pulumi.isSecret(checksum({ a: pulumi.secret("1") }))).to.equal(false);
  });
});
