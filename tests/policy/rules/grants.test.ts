import { expect } from "chai";
import { openAcl, openPolicy } from "../../../policy/rules/grants";

const whereOf = (policy: unknown) => openPolicy("policy")({ policy }).map(({ where }) => where);
const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

describe("policies of resources", () => {
  it("name each statement that admits everybody, in a document and in JSON", () => {
    const Statement = [
      { ...allow, Principal: "*" },
      { ...allow, Principal: { AWS: "*" } },
      { ...allow, Principal: { AWS: ["123456789012", "*"] } },
      { ...allow, NotPrincipal: { AWS: "123456789012" } },
    ];
    const all = [0, 1, 2, 3].map((at) => `policy.Statement[${at}]`);
    expect(whereOf({ Statement })).to.deep.equal(all);
    expect(whereOf(JSON.stringify({ Statement }))).to.deep.equal(all);
    expect(whereOf({ Statement: Statement[0] })).to.deep.equal(["policy.Statement[0]"]);
  });

  it("pass where they deny, name somebody, have a condition or are not known", () => {
    const Statement = [
      { ...allow, Effect: "Deny", Principal: "*" },
      { ...allow, Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } },
      { ...allow, Principal: { Service: "cloudfront.amazonaws.com" } },
      { ...allow, Principal: { AWS: "123456789012" } },
    ];
    for (const policy of [{ Statement }, {}, undefined, "not JSON", Symbol("not yet known")])
      expect(whereOf(policy)).to.deep.equal([]);
  });
});

describe("ACLs of buckets and objects", () => {
  const groups = "http://acs.amazonaws.com/groups/global";
  const given = (inputs: Record<string, unknown>) => openAcl(inputs).map((one) => `${one.where}: ${one.given}`);

  for (const acl of ["public-read", "public-read-write", "authenticated-read"])
    it(`${acl} is open`, () => expect(given({ acl })).to.deep.equal([`acl: ${acl}`]));

  it("grants to everybody and to every account are open", () => {
    const grantee = (name: string) => ({ grantee: { uri: `${groups}/${name}` } });
    expect(given({ grants: [{ uri: `${groups}/AllUsers` }] })).to.deep.equal([`grants: ${groups}/AllUsers`]);
    expect(given({ accessControlPolicy: { grants: [grantee("AuthenticatedUsers")] } })).to.deep.equal([
      `grants: ${groups}/AuthenticatedUsers`,
    ]);
  });

  it("what stays with accounts that it names is closed", () => {
    const grants = [{ uri: "http://acs.amazonaws.com/groups/s3/LogDelivery" }, { id: "0a1b" }];
    for (const inputs of [{}, { acl: "private" }, { acl: Symbol("not yet known") }, { grants }])
      expect(given(inputs)).to.deep.equal([]);
  });
});
