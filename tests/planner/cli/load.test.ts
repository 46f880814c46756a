import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loadTestSchema } from "../../../planner/capacity/load-test";
import { loadCommand } from "../../../planner/cli/load";
import { readResult } from "../../../planner/load/result";
import { testProject } from "../../support/project";
import { figures, result, steady } from "../load/support/measured";
import { startServer } from "../load/support/server";
import { runCli } from "./support";

const scenario = {
  name: "own",
  what: "one request",
  phases: [{ share: 1, from: 1, to: 1 }],
  steps: [{ name: "get", path: "/" }],
};

describe("load", () => {
  let folder: string;
  let server: Awaited<ReturnType<typeof startServer>>;
  let status = 200;
  const file = (name: string) => join(folder, name);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-load-"));
    writeFileSync(file("own.json"), JSON.stringify(scenario));
    server = await startServer((_, response) => response.writeHead(status).end("{}"));
  });
  beforeEach(() => {
    server.got.length = 0;
    status = 200;
  });
  after(() => {
    server.stop();
    rmSync(folder, { recursive: true });
  });

  const own = () => [server.origin, "--file", file("own.json"), "--duration", "5", "--rate", "4"];

  /** The exit code of a result: whether the answers were fast enough hangs on this computer. */
  const codeOf = (name: string) => (readResult(file(name)).load.kept ? 0 : 1);

  it("sends the load and writes the result; the exit code is its verdict", async () => {
    const { code, stdout, stderr } = await runCli("load", ...own(), "--out", file("result.json"));
    expect([code, stdout]).to.deep.equal([codeOf("result.json"), ""]);
    expect(stderr).to.match(/^1 s: 4 requests\/s asked, \d+ answered, p95 [\d.]+ ms, errors 0 %\n/);
    // One request before the load, to see whether the server answers.
    expect(server.got).to.have.length(21);
    const { load, points } = readResult(file("result.json"));
    expect(load).to.deep.include({ scenario: "own", stack: null, needed: null, stopped: false });
    expect(load.levels.map(({ errors, kinds }) => [errors, kinds])).to.deep.equal([[0, {}]]);
    expect(points).to.have.length(1);
    expect(loadTestSchema.safeParse(readResult(file("result.json"))).success).to.equal(false);
  });

  it("answers 1 where a threshold is broken", async () => {
    status = 500;
    const { code, stdout } = await runCli("load", ...own());
    expect(code).to.equal(1);
    expect(stdout).to.contain("A threshold is broken.").and.to.contain("errors 100 %, not below 1 %");
  });

  it("sends what the stack must carry", async () => {
    const { code, stdout } = await runCli("load", "startup", server.origin, "--dry-run", "--file", file("own.json"));
    expect(code).to.equal(0);
    // 5,000 requests a minute.
    expect(stdout).to.contain("  83 requests/s for 60 s\n");
    const twice = await runCli(
      "load",
      "startup",
      server.origin,
      "--dry-run",
      "--factor",
      "2",
      "--file",
      file("own.json"),
    );
    expect(twice.stdout).to.contain("  166 requests/s for 60 s\n");
    // No rate is required of Scale: what its sizes are expected to carry.
    const scale = await runCli("load", "scale", server.origin, "--dry-run", "--file", file("own.json"));
    expect(scale.stdout).to.match(/^ {2}\d{4} requests\/s for 60 s$/m);
    expect(server.got).to.deep.equal([]);
  });

  it("shows a result again in another form, and sends nothing", async () => {
    writeFileSync(file("kept.json"), JSON.stringify(result()));
    const shown = await runCli("load", file("kept.json"));
    expect(shown).to.deep.include({ code: 0, stderr: "" });
    expect(shown.stdout).to.contain("Knee: 395 requests/s, limited by connections.");
    expect((await runCli("load", file("kept.json"), "--out", file("kept.html"))).code).to.equal(0);
    expect(readFileSync(file("kept.html"), "utf8")).to.contain("<title>Load test: one</title>");
    writeFileSync(file("broken.json"), JSON.stringify(steady(figures(100, { p95: 900 }))));
    expect((await runCli("load", file("broken.json"))).code).to.equal(1);
    expect((await runCli("load", file("own.json"))).code).to.equal(2);
  });

  it("asks before it sends anything to another's host, and sends nothing without a yes", async () => {
    const asked: string[] = [];
    const argv = ["https://app.example.com", "--rate", "50", "--file", file("own.json")];
    const answer = (question: string) => {
      asked.push(question);
      return Promise.resolve(false);
    };
    expect(await loadCommand(argv, testProject(), answer)).to.equal(1);
    expect(asked).to.deep.equal(["Send up to 50 requests a second to https://app.example.com?"]);
    // No terminal.
    const { code, stderr } = await runCli("load", ...argv);
    expect([code, stderr]).to.deep.equal([
      2,
      "--yes: given nothing, and no terminal to ask on; allowed: --yes, or a terminal; fix: write --yes\n",
    ]);
  });

  it("answers 2 where no server answers", async () => {
    const { code, stderr } = await runCli("load", "http://127.0.0.1:1", "--rate", "1", "--file", file("own.json"));
    expect([code, stderr]).to.deep.equal([
      2,
      "URL: given http://127.0.0.1:1: ECONNREFUSED; allowed: a server that answers; fix: check the address, and that the server runs\n",
    ]);
  });

  it("stops at Ctrl-C, and writes what was measured", async () => {
    const before = process.listenerCount("SIGINT");
    const argv = [server.origin, "--file", file("own.json"), "--duration", "600", "--rate", "5"];
    const running = runCli("load", ...argv, "--out", file("stopped.json"));
    while (server.got.length < 13) await new Promise((resolve) => setTimeout(resolve, 20));
    process.emit("SIGINT");
    const { code, stderr } = await running;
    expect(code).to.equal(codeOf("stopped.json"));
    expect(stderr).to.contain("stopping; what was measured follows\n");
    const { load } = readResult(file("stopped.json"));
    expect(load.stopped).to.equal(true);
    expect(load.rows.length).to.be.within(2, 10);
    expect(process.listenerCount("SIGINT")).to.equal(before);
  });
});
