import { expect } from "chai";
import { policyProblems } from "../../../components/identity/policy";
import { formatProblem } from "../../../tiers/problem";

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-uploads/*" };
const policy = { Version: "2012-10-17", Statement: [statement] };

const problems = (changed: object) => policyProblems("policy", { ...policy, ...changed }).map(formatProblem);
const of = (changed: object) => problems({ Statement: [{ ...statement, ...changed }] });

describe("policyProblems", () => {
  it("accepts policies of roles", () => {
    expect(problems({})).to.deep.equal([]);
    expect(problems({ Id: "uploads", Statement: statement })).to.deep.equal([]);
    const condition = { StringEquals: { "s3:prefix": "uploads/" } };
    expect(
      of({
        Sid: "Uploads1",
        Action: ["s3:Get*", "bedrock:InvokeModel", "s3:?utObject"],
        Resource: ["arn:aws:s3:::a", "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:jobs"],
        Condition: condition,
      }),
    ).to.deep.equal([]);
    expect(of({ Resource: "*" })).to.deep.equal([]);
    expect(of({ Effect: "Deny", Action: "*", Resource: "*" })).to.deep.equal([]);
    expect(of({ Action: "*" })).to.deep.equal([]);
  });

  const bad: [what: string, found: () => string[], messages: string[]][] = [
    [
      "a date for the version, as YAML reads it without quotes",
      () => problems({ Version: "2012-10-17T00:00:00Z" }),
      [
        'policy.Version: given "2012-10-17T00:00:00Z"; allowed: 2012-10-17; fix: write "2012-10-17", with quotes: ' +
          "without, YAML may read a date",
      ],
    ],
    [
      "no version",
      () => problems({ Version: undefined }),
      [
        'policy.Version: given nothing; allowed: 2012-10-17; fix: write "2012-10-17", with quotes: without, YAML may ' +
          "read a date",
      ],
    ],
    [
      "no statement",
      () => problems({ Statement: undefined }),
      ["policy.Statement: given nothing; allowed: one statement or more; fix: add one"],
    ],
    [
      "an empty list of statements",
      () => problems({ Statement: [] }),
      ["policy.Statement: given []; allowed: one statement or more; fix: add one"],
    ],
    [
      "a text for a statement",
      () => problems({ Statement: "Allow" }),
      [
        'policy.Statement: given "Allow"; allowed: a statement with Sid, Effect, Action, Resource, Condition; fix: ' +
          "change policy.Statement",
      ],
    ],
    [
      "another effect",
      () => of({ Effect: "allow" }),
      ['policy.Statement[0].Effect: given "allow"; allowed: Allow | Deny; fix: change policy.Statement[0].Effect'],
    ],
    [
      "no action",
      () => of({ Action: undefined }),
      [
        "policy.Statement[0].Action: given nothing; allowed: actions such as s3:GetObject or s3:Get*; fix: set " +
          "policy.Statement[0].Action",
      ],
    ],
    [
      "an action without a service",
      () => of({ Action: ["s3:PutObject", "GetObject"] }),
      [
        'policy.Statement[0].Action[1]: given "GetObject"; allowed: actions such as s3:GetObject or s3:Get*; fix: ' +
          "change policy.Statement[0].Action",
      ],
    ],
    [
      "an empty list of actions",
      () => of({ Action: [] }),
      [
        "policy.Statement[0].Action: given an empty list; allowed: actions such as s3:GetObject or s3:Get*; fix: " +
          "change policy.Statement[0].Action",
      ],
    ],
    [
      "the name of a bucket for a resource",
      () => of({ Resource: "acme-uploads" }),
      [
        'policy.Statement[0].Resource: given "acme-uploads"; allowed: ARNs such as arn:aws:s3:::acme-uploads/*, or *; ' +
          "fix: change policy.Statement[0].Resource",
      ],
    ],
    [
      "every action on every resource",
      () => of({ Action: ["s3:GetObject", "*"], Resource: "*" }),
      [
        'policy.Statement[0].Action: given "*" on every resource; allowed: the actions that the application takes: ' +
          "with this, a flaw in it would open the whole account; fix: name the actions and the resources",
      ],
    ],
    [
      "a principal",
      () => of({ Principal: "*" }),
      [
        "policy.Statement[0].Principal: given an element that is not allowed here; allowed: no principal: the policy " +
          "belongs to the role of the pods; fix: remove it",
      ],
    ],
    [
      "NotAction and NotResource",
      () => problems({ Statement: { Effect: "Allow", NotAction: "iam:*", NotResource: "*" } }),
      [
        "policy.Statement.NotAction: given an element that is not allowed here; allowed: Action: NotAction allows every " +
          "action that it does not name; fix: name the actions",
        "policy.Statement.NotResource: given an element that is not allowed here; allowed: Resource: NotResource " +
          "allows every resource that it does not name; fix: name the resources",
      ],
    ],
    [
      "an element in lower case",
      () => of({ condition: {} }),
      [
        "policy.Statement[0].condition: given an element that is not allowed here; allowed: Sid, Effect, Action, " +
          "Resource, Condition; fix: remove it",
      ],
    ],
    [
      "a condition that is a list",
      () => of({ Condition: [] }),
      ["policy.Statement[0].Condition: given []; allowed: an object; fix: change it"],
    ],
    [
      "a Sid with a space",
      () => of({ Sid: "my uploads" }),
      ['policy.Statement[0].Sid: given "my uploads"; allowed: letters and digits; fix: change policy.Statement[0].Sid'],
    ],
  ];
  for (const [what, found, messages] of bad)
    it(`refuses ${what}`, () => {
      expect(found()).to.deep.equal(messages);
    });

  it("refuses more than IAM allows in a role", () => {
    const Resource = Array.from({ length: 400 }, (_, at) => `arn:aws:s3:::acme-uploads-${1000 + at}/*`);
    const [problem, ...others] = of({ Resource });
    expect(others).to.deep.equal([]);
    expect(problem).to.match(
      /^policy: given 1\d{4} characters; allowed: at most 10240: IAM refuses more in a role; fix: shorten it/,
    );
  });
});
