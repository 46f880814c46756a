import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { cloudFrontPrefixListId } from "../../../components/network/cloudfront";

describe("prefix list of CloudFront", () => {
  it("is AWS's list of the addresses that reach origins", async () => {
    const asked: unknown[] = [];
    await pulumi.runtime.setMocks({
      newResource: ({ inputs }) => ({ id: "", state: inputs }),
      call: ({ inputs }) => {
        asked.push(inputs.name);
        return { id: "pl-1" };
      },
    });
    const parent = new pulumi.ComponentResource("tierstack:test:Parent", "parent");
    const id = await new Promise((resolve) => cloudFrontPrefixListId(parent).apply(resolve));
    expect(asked).to.deep.equal(["com.amazonaws.global.cloudfront.origin-facing"]);
    expect(id).to.equal("pl-1");
  });
});
