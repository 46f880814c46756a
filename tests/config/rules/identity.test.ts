import { expect } from "chai";
import { credentialVariables } from "../../../components/identity/identity";
import { onAws, onExisting, problemsOf } from "../../support/settings";

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-uploads/*" };
const iamPolicy = { Version: "2012-10-17", Statement: [statement] };

describe("rules about the role of the pods", () => {
  it("accept a policy at every tier on AWS", () => {
    for (const tier of ["mvp", "startup", "growth", "scale"])
      expect(problemsOf({ ...onAws, tier, app: { iamPolicy } }), tier).to.deep.equal([]);
  });

  it("refuse a policy that IAM would refuse, with the statement", () => {
    expect(
      problemsOf({ ...onAws, app: { iamPolicy: { ...iamPolicy, Statement: { ...statement, Action: 1 } } } }),
    ).to.deep.equal([
      "tierstack:app.iamPolicy.Statement.Action: given 1; allowed: actions such as s3:GetObject or s3:Get*; fix: change " +
        "app.iamPolicy.Statement.Action",
    ]);
  });

  it("refuse a policy on an existing cluster", () => {
    expect(problemsOf({ ...onExisting, app: { iamPolicy } })).to.deep.equal([
      "tierstack:app.iamPolicy: given a policy, with cluster: existing; allowed: nothing: the stack has no AWS account " +
        "there; fix: remove it, and give the service accounts app, worker, schedule and migrate a role with the mechanism of your cluster",
    ]);
  });

  for (const name of credentialVariables)
    it(`refuse ${name} beside it`, () => {
      for (const key of ["environment", "secrets"]) {
        expect(problemsOf({ ...onAws, app: { [key]: { [name]: "own" } } })).to.deep.equal([]);
        expect(problemsOf({ ...onAws, app: { iamPolicy, [key]: { [name]: "own" } } })).to.deep.equal([
          `tierstack:app.${key}.${name}: given credentials of your own, with app.iamPolicy; allowed: one of them: SDKs ` +
            "would use the variable instead of the role; fix: remove it, or remove app.iamPolicy",
        ]);
      }
    });
});
