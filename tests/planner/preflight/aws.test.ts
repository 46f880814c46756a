import { expect } from "chai";
import { pages, unansweredBecause } from "../../../planner/preflight/aws";
import { awsError } from "./support";

describe("AWS", () => {
  it("says in a line why it did not answer; a defect has no such line", () => {
    expect(unansweredBecause(awsError("AccessDenied", "not allowed\nat all"))).to.equal("AccessDenied: not allowed");
    expect(unansweredBecause(awsError("CredentialsProviderError", "x"))).to.equal(
      "no AWS credentials; check with aws sts get-caller-identity",
    );
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    expect(unansweredBecause(refused)).to.equal("ECONNREFUSED: connect ECONNREFUSED");
    expect(unansweredBecause(new TypeError("x is not a function"))).to.equal(undefined);
    expect(unansweredBecause("text")).to.equal(undefined);
  });

  it("answers lists page by page", async () => {
    const answers: Record<string, { items: number[]; next: string | undefined }> = {
      "": { items: [1, 2], next: "a" },
      a: { items: [3], next: undefined },
    };
    expect(await pages(async (token) => answers[token ?? ""] as (typeof answers)[string])).to.deep.equal([1, 2, 3]);
  });
});
