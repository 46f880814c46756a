import { expect } from "chai";
import { statusLines } from "../../../ops/commands/status";
import { FakeReach, runOn } from "../world";

const shown = { screen: { paint: (_: unknown, text: string) => text, width: 100 }, world: { flags: " -s shop" } };

describe("ops status", () => {
  it("is one line where all is well, else a finding each with its age and what helps", () => {
    expect(statusLines([], 0, shown)).to.deep.equal(["all is well"]);
    const findings = [
      { what: "queue mail is paused", help: { ops: "queues resume mail" } },
      { what: "node \u001b[2J is not ready", sinceMs: 0, help: "kubectl describe node" },
    ];
    expect(statusLines(findings, 90_000, shown)).to.deep.equal([
      "2 things are not well",
      "",
      "  queue mail is paused",
      "    npm run ops -- queues resume mail -s shop",
      "",
      "  node \\u001b[2J is not ready (for 1 min 30 s)",
      "    kubectl describe node",
    ]);
  });

  const answers = {
    switches: { mode: { value: "normal", otherwise: "normal" }, limits: { value: 1, otherwise: 1 } },
    connections: { most: 100, reserved: 3, sessions: [] },
  };

  it("ends with 0 where all is well", async () => {
    const { code, stdout } = await runOn({ reach: new FakeReach(answers) }, "status");
    expect([code, stdout]).to.deep.equal([0, "all is well\n"]);
  });

  it("ends with 1 where stores cannot be asked, and says why once each", async () => {
    const reach = new FakeReach({ code: 1, stdout: "", stderr: "operate: Redis did not answer; fix: run it again\n" });
    const { code, stdout } = await runOn({ reach }, "status");
    expect(code).to.equal(1);
    expect(stdout.split("\n").filter((line) => line.includes("unknown"))).to.deep.equal([
      "  switches unknown: operate: Redis did not answer; fix: run it again",
      "  connections unknown: operate: Redis did not answer; fix: run it again",
    ]);
  });

  const worker = (name: string) => ({
    metadata: { name: `worker-${name}` },
    spec: {
      replicas: 0,
      template: {
        spec: {
          containers: [
            {
              name: "worker",
              env: [
                { name: "WORKER_QUEUE", value: name },
                { name: "WORKER_LIST", value: `{${name}}` },
              ],
            },
          ],
        },
      },
    },
  });
  const withQueue = {
    list: async (path: string) => (path.endsWith("/app/deployments") ? [worker("mail")] : []) as never,
  };

  for (const [said, answer] of [
    ["Node.js", { code: 1, stderr: "Error: Cannot find module '/app/workload/operate.js'\n" }],
    ["runc", { code: 1, stderr: 'exec: "node": executable file not found in $PATH: unknown' }],
    ["crun", { code: 1, stderr: "executable file `node` not found in $PATH: No such file or directory" }],
    ["a runtime that has a code for it", { code: 126, stderr: "" }],
  ] as const)
    it(`is well for an image without the program, as ${said} tells it, and names what it did not look at`, async () => {
      const reach = new FakeReach({ stdout: "", ...answer });
      const { code, stdout } = await runOn({ reach, kube: withQueue }, "status");
      expect([code, stdout]).to.deep.equal([
        0,
        "all is well\nnot looked at: switches, connections, queues (the image has no workload/operate.js)\n",
      ]);
      // A stack without queues has none to look at.
      expect((await runOn({ reach }, "status")).stdout).to.contain("not looked at: switches, connections (the image");
    });

  for (const stderr of ["Error: Cannot find module 'bullmq'", "ENOENT: no such file or directory, open '/ca.crt'"])
    it(`is not well where the program is there and fails: ${stderr}`, async () => {
      const { code, stdout } = await runOn({ reach: new FakeReach({ code: 1, stdout: "", stderr }) }, "status");
      expect(code).to.equal(1);
      expect(stdout).to.contain(`switches unknown: ${stderr}`).and.not.to.contain("not looked at");
    });
});
