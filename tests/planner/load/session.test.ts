import { expect } from "chai";
import { scenarioSchema, scenarios } from "../../../planner/load/scenario";
import { isExpected, Session } from "../../../planner/load/session";

const scenarioOf = (...steps: object[]) =>
  scenarioSchema.parse({ name: "x", what: "x", phases: [{ share: 1, from: 1, to: 1 }], steps });
const none = { base: "", headers: {} };

describe("a user of a load test", () => {
  it("sends the steps in order, again and again, beginning where it is told", () => {
    const scenario = scenarioOf({ name: "a", path: "/a" }, { name: "b", path: "/b" }, { name: "c", path: "/c" });
    const paths = (first: number) => {
      const session = new Session(scenario, 1, none, first);
      return [1, 2, 3, 4].map(() => session.next().path);
    };
    expect(paths(0)).to.deep.equal(["/a", "/b", "/c", "/a"]);
    expect(paths(5)).to.deep.equal(["/c", "/a", "/b", "/c"]);
  });

  it("sends what the answers gave, as text in paths and as it was in JSON", () => {
    const scenario = scenarioOf(
      { name: "make", method: "POST", path: "/jobs", capture: { job: "job.id", count: "n" } },
      { name: "read", path: "/jobs/{job}?n={count}", method: "PUT", body: { n: "{count}", job: "{job}" } },
    );
    const session = new Session(scenario, 1, { base: "/v1", headers: {} });
    const { step } = session.next();
    session.answered(step, 201, JSON.stringify({ job: { id: "a/b c" }, n: 5 }));
    expect(session.next()).to.deep.include({
      method: "PUT",
      path: "/v1/jobs/a%2Fb%20c?n=5",
      body: '{"n":5,"job":"a/b c"}',
      headers: { "content-type": "application/json" },
    });
  });

  it("leaves out a step whose variable no answer gave: an error, no JSON, another answer", () => {
    const scenario = scenarioOf(
      { name: "make", path: "/make", capture: { job: "id" } },
      { name: "read", path: "/jobs/{job}" },
    );
    for (const [status, body] of [
      [500, '{"id":1}'],
      [200, "<html>"],
      [200, '{"id":null}'],
      [200, "null"],
    ] as const) {
      const session = new Session(scenario, 1, none);
      session.answered(session.next().step, 201, '{"id":1}');
      expect(session.next().path).to.equal("/jobs/1");
      session.answered(session.next().step, status, body);
      expect(session.next().path, body).to.equal("/make");
    }
  });

  it("sends what is sent once until it has what it gives", () => {
    const scenario = scenarioOf(
      { name: "sign-in", path: "/in", once: true, capture: { token: "token" } },
      { name: "look", path: "/look", headers: { authorization: "Bearer {token}" } },
    );
    const session = new Session(scenario, 1, none, 1);
    expect(session.next().path).to.equal("/in");
    session.answered(scenario.steps[0] as never, 503, "");
    expect(session.next().path).to.equal("/in");
    session.answered(scenario.steps[0] as never, 200, '{"token":"t"}');
    for (const _ of [1, 2, 3])
      expect(session.next()).to.deep.include({ path: "/look", headers: { authorization: "Bearer t" } });
  });

  it("sends the common headers, its own in their place whatever the case", () => {
    const scenario = scenarioOf({ name: "a", path: "/", headers: { Accept: "b" } });
    const { headers } = new Session(scenario, 1, { base: "", headers: { accept: "a", "X-Test": "1" } }).next();
    expect(headers).to.deep.equal({ "X-Test": "1", Accept: "b" });
  });

  it("signs the body that it sends with the secret of the environment", () => {
    const step = { name: "hook", method: "POST", path: "/", body: { id: "{uuid}" } };
    const sign = { as: "standard-webhooks", secret: "TIERSTACK_TEST_SECRET" };
    const { headers, body } = new Session(scenarioOf({ ...step, sign }), 1, none).next();
    expect(Object.keys(headers).sort()).to.deep.equal([
      "content-type",
      "webhook-id",
      "webhook-signature",
      "webhook-timestamp",
    ]);
    expect(body).to.match(/^\{"id":"[0-9a-f-]{36}"\}$/);
  });

  it("of each scenario of the planner gets to every step", () => {
    const answer = JSON.stringify({ id: 7, token: "t" });
    for (const scenario of scenarios)
      for (const first of scenario.steps.keys()) {
        const session = new Session(scenario, 1, none, first);
        const sent = new Set<string>();
        for (let at = 0; at < 3 * scenario.steps.length; at++) {
          const { step, path, headers, body } = session.next();
          expect(`${path} ${JSON.stringify(headers)} ${body}`).not.to.match(/\{[a-z:0-9-]+\}/);
          sent.add(step.name);
          session.answered(step, step.expect?.[0] ?? 200, answer);
        }
        expect([...sent].sort()).to.deep.equal(scenario.steps.map(({ name }) => name).sort());
      }
  });

  it("expects what the step says, or every status that is no error", () => {
    const [step] = scenarioOf({ name: "a", path: "/" }).steps as never as [Parameters<typeof isExpected>[0]];
    expect([199, 200, 304, 400, 503].map((status) => isExpected(step, status))).to.deep.equal([
      false,
      true,
      true,
      false,
      false,
    ]);
    expect([200, 404].map((status) => isExpected({ ...step, expect: [404] }, status))).to.deep.equal([false, true]);
  });
});
