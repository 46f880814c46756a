import { expect } from "chai";
import catalogue from "../../../../planner/catalogues/aws-actions.json";
import { actionsOf, permissions, roleOfSession } from "../../../../planner/preflight/checks/permissions";
import { awsOf, dnsOf, needs, run } from "../support";

interface Request {
  PolicySourceArn: string;
  ActionNames: string[];
}

const denying = (...denied: string[]) => ({
  iam: {
    simulatePrincipalPolicy: ({ ActionNames }: Request) => ({
      EvaluationResults: ActionNames.map((EvalActionName) => ({
        EvalActionName,
        EvalDecision: denied.includes(EvalActionName) ? "implicitDeny" : "allowed",
      })),
    }),
  },
});

describe("permissions", () => {
  it("know the actions of every type of every stack", async () => {
    for (const stack of ["mvp", "startup", "growth", "scale"]) {
      const { plan } = await needs(stack);
      const types = plan.resources.map(({ type }) => type).filter((type) => type.startsWith("aws:"));
      expect(Object.keys(catalogue.types), stack).to.include.members([...new Set(types)]);
    }
    for (const actions of Object.values(catalogue.types))
      for (const action of actions) expect(action).to.match(/^[a-z0-9]+:[A-Z]\w+$/);
  });

  it("are fine where everything is allowed", async () => {
    const growth = await needs("growth");
    expect(await run(permissions, growth, denying())).to.deep.equal([
      {
        status: "fine",
        text: `arn:aws:iam::123456789012:user/ada may do all ${actionsOf(growth).length} actions`,
      },
    ]);
  });

  it("fail with the first of the denied actions", async () => {
    const growth = await needs("growth");
    const denied = actionsOf(growth).filter((action) => action.startsWith("wafv2:"));
    const [found] = await run(permissions, growth, denying(...denied));
    expect(found?.status === "failed" && found.problem).to.deep.equal({
      where: "permissions",
      given:
        "arn:aws:iam::123456789012:user/ada, which may not wafv2:CreateWebACL, wafv2:DeleteWebACL, wafv2:GetWebACL, " +
        "wafv2:TagResource and 1 more",
      allowed: `all ${actionsOf(growth).length} actions, on any resource`,
      fix: "grant them, or check that your policies allow them on the stack's resources",
    });
  });

  it("of a session are those of its role, with the role's path", async () => {
    const asked: string[] = [];
    const aws = awsOf({
      iam: {
        getRole: ({ RoleName }: { RoleName: string }) => ({
          Role: { Arn: `arn:aws:iam::123456789012:role/path/${RoleName}` },
        }),
        simulatePrincipalPolicy: ({ PolicySourceArn }: Request) => {
          asked.push(PolicySourceArn);
          return {};
        },
      },
    });
    aws.identity = async () => ({ Arn: "arn:aws:sts::123456789012:assumed-role/deploy/ada" });
    await permissions.run(await needs("mvp"), { aws, dns: dnsOf() });
    expect([...new Set(asked)]).to.deep.equal(["arn:aws:iam::123456789012:role/path/deploy"]);
    expect(roleOfSession("arn:aws:iam::123456789012:user/ada")).to.equal(undefined);
  });

  it("of the root user are not known", async () => {
    const aws = awsOf({});
    aws.identity = async () => ({ Arn: "arn:aws:iam::123456789012:root" });
    const [found] = await permissions.run(await needs("mvp"), { aws, dns: dnsOf() });
    expect(found?.status).to.equal("unchecked");
  });
});
