import { expect } from "chai";
import { statusLines } from "../../../ops/commands/status";
import { FakeReach, runOn } from "../world";

const screen = { paint: (_: unknown, text: string) => text, width: 100 };

describe("ops status", () => {
  it("is one line where all is well, else a finding each with its age and what helps", () => {
    expect(statusLines("shop", [], 0, screen)).to.deep.equal(["shop: well"]);
    const findings = [
      { what: "queue mail is paused", help: "npm run ops -- queues resume mail" },
      { what: "node \u001b[2J is not ready", sinceMs: 0, help: "kubectl describe node" },
    ];
    expect(statusLines("shop", findings, 90_000, screen)).to.deep.equal([
      "shop: 2 things not well",
      "",
      "  queue mail is paused",
      "    npm run ops -- queues resume mail",
      "",
      "  node \\u001b[2J is not ready, for 1 min 30 s",
      "    kubectl describe node",
    ]);
  });

  const answers = {
    switches: { mode: { value: "normal", otherwise: "normal" }, limits: { value: 1, otherwise: 1 } },
    connections: { most: 100, reserved: 3, sessions: [] },
  };

  it("ends with 0 where all is well", async () => {
    const { code, stdout } = await runOn({ reach: new FakeReach(answers) }, "status");
    expect([code, stdout]).to.deep.equal([0, "test: well\n"]);
  });

  it("ends with 1 where stores cannot be asked, and says why once each", async () => {
    const reach = new FakeReach({ code: 1, stdout: "", stderr: "operate: Redis did not answer; fix: run it again\n" });
    const { code, stdout } = await runOn({ reach }, "status");
    expect(code).to.equal(1);
    expect(stdout.split("\n").filter((line) => line.includes("not known"))).to.deep.equal([
      "  switches not known: operate: Redis did not answer; fix: run it again",
      "  connections not known: operate: Redis did not answer; fix: run it again",
    ]);
  });
});
