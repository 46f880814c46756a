import { expect } from "chai";
import { Aws, pages, unansweredBecause } from "../../../planner/preflight/aws";
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

  it("is not waited for without end: the SDK would only warn of a limit unless it is told to throw", () => {
    const { requestHandler } = new Aws("us-east-1").rds().config;
    // The types leave out what the handler of Node keeps.
    const kept = (requestHandler as unknown as { configProvider: Promise<object> }).configProvider;
    return kept.then((config) =>
      expect(config).to.include({ connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true }),
    );
  });

  it("answers lists page by page", async () => {
    const answers: Record<string, { items: number[]; next: string | undefined }> = {
      "": { items: [1, 2], next: "a" },
      a: { items: [3], next: undefined },
    };
    expect(await pages(async (token) => answers[token ?? ""] as (typeof answers)[string])).to.deep.equal([1, 2, 3]);
  });
});
