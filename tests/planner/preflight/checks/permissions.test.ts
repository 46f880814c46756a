import { readFileSync } from "node:fs";
import { expect } from "chai";
import catalogue from "../../../../planner/catalogues/aws-actions.json";
import { actionsOf, permissions, roleOfSession } from "../../../../planner/preflight/checks/permissions";
import type { Needs } from "../../../../planner/preflight/needs";
import { type Asked, awsError, awsOf, dnsOf, needs, registriesOf, requestsOf, run } from "../support";

const ada = "arn:aws:iam::123456789012:user/ada";

interface Request {
  ActionNames: string[];
  Marker?: string;
}

const results = (actions: string[], EvalDecision: string) =>
  actions.map((EvalActionName) => ({ EvalActionName, EvalDecision }));

const denying = (...denied: string[]) => ({
  iam: {
    simulatePrincipalPolicy: ({ ActionNames }: Request) => ({
      EvaluationResults: ActionNames.flatMap((action) =>
        results([action], denied.includes(action) ? "implicitDeny" : "allowed"),
      ),
    }),
  },
});

/** The stack with a resource of a type of its own. */
const withOwn = (of: Needs, type: string, custom = true): Needs => {
  const [first] = of.plan.resources;
  if (!first) throw new Error("the plan is empty");
  return { ...of, plan: { ...of.plan, resources: [...of.plan.resources, { ...first, type, custom }] } };
};

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

  it("include the right to tag each resource that takes the stack's tags", async () => {
    const sourceOf = (type: string) => readFileSync(require.resolve(`@pulumi/aws/${type.split(":")[1]}`), "utf8");
    const lacking = Object.entries(catalogue.types)
      .filter(([type]) => /\btagsAll\b/.test(sourceOf(type)))
      .filter(([, actions]) => !actions.some((action) => /:(Add|Create|Change|Put|Tag)\w*Tag|:Tag/.test(action)))
      .map(([type]) => type);
    expect(lacking).to.deep.equal([]);
  });

  it("are fine where everything is allowed", async () => {
    const growth = await needs("growth");
    expect(await run(permissions, growth, denying())).to.deep.equal([
      {
        status: "fine",
        text: `${ada} may do all ${actionsOf(growth).length} actions`,
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
        `${ada}, which may not wafv2:CreateWebACL, wafv2:DeleteLoggingConfiguration, wafv2:DeleteWebACL, ` +
        "wafv2:GetLoggingConfiguration and 4 more",
      allowed: `all ${actionsOf(growth).length} actions, on any resource`,
      fix: "grant them, or check that your policies allow them on the stack's resources",
    });
  });

  it("are asked in batches, page by page", async () => {
    const growth = await needs("growth");
    const actions = actionsOf(growth);
    // The first page has one result and points to the rest. Asked again and again, AWS refuses.
    const paged = () => {
      const firstPages = new Set<string>();
      return {
        iam: {
          simulatePrincipalPolicy: ({ ActionNames: [first = "", ...rest], Marker }: Request) => {
            if (Marker !== undefined) return { EvaluationResults: results(rest, "allowed"), IsTruncated: false };
            if (firstPages.has(first)) throw awsError("Throttling", "the first page twice");
            firstPages.add(first);
            return { EvaluationResults: results([first], "allowed"), IsTruncated: true, Marker: first };
          },
        },
      };
    };
    const batches = [0, 50, 100, 150].map((at) => actions.slice(at, at + 50)).filter(({ length }) => length > 0);
    expect(await requestsOf(permissions, growth, paged())).to.deep.equal(
      batches.flatMap((ActionNames) => [
        ["iam.simulatePrincipalPolicy", { PolicySourceArn: ada, ActionNames }],
        ["iam.simulatePrincipalPolicy", { PolicySourceArn: ada, ActionNames, Marker: ActionNames[0] }],
      ]),
    );
    expect(batches.flat()).to.deep.equal(actions);
    expect(await run(permissions, growth, paged())).to.deep.equal([
      { status: "fine", text: `${ada} may do all ${actions.length} actions` },
    ]);
  });

  it("are not known where IAM returns no result", async () => {
    const growth = await needs("growth");
    const [first, second, third, fourth, ...more] = actionsOf(growth);
    const reason = `IAM returned no result for ${first}, ${second}, ${third}, ${fourth} and ${more.length} more`;
    for (const answer of [{}, { EvaluationResults: [], IsTruncated: true }]) {
      const silent = { iam: { simulatePrincipalPolicy: () => answer } };
      expect(await run(permissions, growth, silent)).to.deep.equal([{ status: "unchecked", reason }]);
    }
  });

  it("tell what is denied from what has no result", async () => {
    const growth = await needs("growth");
    const partly = {
      iam: {
        simulatePrincipalPolicy: ({ ActionNames }: Request) => ({
          EvaluationResults: results(
            ActionNames.filter((action) => action !== "acm:DeleteCertificate"),
            "allowed",
          ).map((result) =>
            result.EvalActionName === "acm:AddTagsToCertificate" ? { ...result, EvalDecision: "explicitDeny" } : result,
          ),
        }),
      },
    };
    expect(await run(permissions, growth, partly)).to.deep.equal([
      {
        status: "failed",
        problem: {
          where: "permissions",
          given: `${ada}, which may not acm:AddTagsToCertificate`,
          allowed: `all ${actionsOf(growth).length} actions, on any resource`,
          fix: "grant them, or check that your policies allow them on the stack's resources",
        },
      },
      { status: "unchecked", reason: "IAM returned no result for acm:DeleteCertificate" },
    ]);
  });

  it("of types outside of the catalogue are not known", async () => {
    const unknown = { status: "unknown", reason: "no actions known for aws:sqs/queue:Queue" };
    const growth = await needs("growth");
    expect(await run(permissions, withOwn(growth, "aws:sqs/queue:Queue"), denying())).to.deep.equal([
      { status: "fine", text: `${ada} may do all ${actionsOf(growth).length} actions` },
      unknown,
    ]);
    const only = withOwn(await needs("local"), "aws:sqs/queue:Queue");
    expect(permissions.applies(only)).to.equal(true);
    expect(await run(permissions, only, denying())).to.deep.equal([unknown]);
    expect(permissions.applies(await needs("local"))).to.equal(false);
    // A component is not a resource of AWS, whatever its name.
    expect(permissions.applies(withOwn(await needs("local"), "aws:own:Queues", false))).to.equal(false);
  });

  it("of a session are those of its role, with the role's path", async () => {
    const asked: Asked[] = [];
    const getRole = ({ RoleName }: { RoleName: string }) => ({
      Role: { Arn: `arn:aws:iam::123456789012:role/path/${RoleName}` },
    });
    const aws = awsOf({ iam: { ...denying().iam, getRole } }, "us-east-1", asked);
    aws.identity = async () => ({ Arn: "arn:aws:sts::123456789012:assumed-role/deploy/ada" });
    const mvp = await needs("mvp");
    await permissions.run(mvp, { aws, dns: dnsOf(), registries: registriesOf() });
    const [role, simulation] = asked;
    expect(role).to.deep.equal(["iam.getRole", { RoleName: "deploy" }]);
    expect(simulation).to.deep.equal([
      "iam.simulatePrincipalPolicy",
      {
        PolicySourceArn: "arn:aws:iam::123456789012:role/path/deploy",
        ActionNames: actionsOf(mvp).slice(0, 50),
      },
    ]);
    expect(roleOfSession(ada)).to.equal(undefined);
  });

  it("of the root user are not known", async () => {
    const aws = awsOf({});
    aws.identity = async () => ({ Arn: "arn:aws:iam::123456789012:root" });
    const [found] = await permissions.run(await needs("mvp"), { aws, dns: dnsOf(), registries: registriesOf() });
    expect(found?.status).to.equal("unchecked");
  });
});
