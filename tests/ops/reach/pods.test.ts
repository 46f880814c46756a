import { createServer as createPlain, type RequestListener, type Server } from "node:http";
import { createServer as createTls } from "node:https";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { KubeConfig } from "@kubernetes/client-node";
import { expect } from "chai";
import { ApiServer } from "../../../ops/kube/kube";
import { Pods } from "../../../ops/reach/pods";
import { certificate } from "../../support/certificate";
import { type Answered, kubelet } from "./kubelet";

const workload = { namespace: "data", name: "pgbouncer", container: "exporter" };
const success = { status: "Success" };

/** A pod whose container runs, as the API server shows it. */
const podOf = (name: string, { scheme, ready = true }: { scheme?: string; ready?: boolean } = {}) => ({
  metadata: { name },
  spec: { containers: [{ name: "exporter", readinessProbe: { httpGet: { ...(scheme && { scheme }) } } }] },
  status: {
    conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    containerStatuses: [{ name: "exporter", state: { running: {} } }],
  },
});

describe("reaching pods", () => {
  const open: { close(): unknown }[] = [];
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });

  async function reachOf(pods: object[], answered: Answered = { parts: [], status: success }) {
    const server = await kubelet(pods, answered);
    open.push(server);
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: "test", server: server.url, skipTLSVerify: true }, { name: "test" });
    return { reach: new Pods(config, new ApiServer(config)), commands: server.commands, input: server.input };
  }

  async function serve(make: (listener: RequestListener) => Server): Promise<number> {
    const server = make(({ url }, response) => {
      response.writeHead(url === "/metrics" ? 200 : 404).end("pgbouncer_up 1\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    open.push(server);
    return (server.address() as AddressInfo).port;
  }

  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => "nothing",
      (error: Error) => error.message,
    );

  it("reads from every pod, over TLS where its probe does", async () => {
    const { certificate: cert, key } = certificate(1);
    for (const [scheme, port] of [
      [undefined, await serve((listener) => createPlain(listener))],
      ["HTTPS", await serve((listener) => createTls({ cert, key }, listener))],
    ] as const) {
      const { reach } = await reachOf([
        podOf("a", { ...(scheme && { scheme }) }),
        podOf("b", { ...(scheme && { scheme }) }),
      ]);
      expect(await reach.read(workload, port, "/metrics"), scheme).to.deep.equal([
        { pod: "a", text: "pgbouncer_up 1\n" },
        { pod: "b", text: "pgbouncer_up 1\n" },
      ]);
    }
  });

  it("gives a program its input byte for byte, and leaves the connection open for what it answers", async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
    const parts = [bytes.subarray(0, 40_000), bytes.subarray(40_000, 40_001), bytes.subarray(40_001, 90_000)];
    const answered = { parts: [[1, Buffer.from("unpacked")]], status: success, takes: bytes.length } as Answered;
    const { reach, commands, input } = await reachOf([podOf("a")], answered);
    const given = Readable.from([...parts, bytes.subarray(90_000)]);
    expect(await reach.run(workload, ["head", "-c", "100000"], given)).to.deep.equal({
      code: 0,
      stdout: "unpacked",
      stderr: "",
    });
    expect(Buffer.concat(input).equals(bytes)).to.equal(true);
    expect(commands).to.deep.equal([["/api/v1/namespaces/data/pods/a/exec", "head", "-c", "100000"]]);
  });

  it("says which pod does not answer, and why", async () => {
    const { reach } = await reachOf([podOf("a")]);
    const port = await serve((listener) => createPlain(listener));
    const rest =
      "allowed: what kubectl exec and kubectl port-forward may do; fix: check your rights on pods/exec and " +
      "pods/portforward, and the pod's node";
    expect(await refusal(reach.read(workload, port, "/other"))).to.equal(
      `pod data/a: given a connection that failed (/other answers 404); ${rest}`,
    );
    for (const one of open.splice(1)) one.close();
    expect(await refusal(reach.read(workload, port, "/metrics"))).to.match(
      /^pod data\/a: given a connection that failed /,
    );
  });

  it("runs a program in a pod that is ready, with its output whole and its code", async () => {
    const text = Buffer.from(`{"query":"${"größer ".repeat(5000)}"}`);
    // In the middle of a character.
    const middle = text.indexOf("ö") + 1;
    const { reach, commands } = await reachOf([podOf("a", { ready: false }), podOf("b")], {
      parts: [
        [1, text.subarray(0, middle)],
        [2, Buffer.from("a warning\n")],
        [1, text.subarray(middle)],
      ],
      status: { status: "Failure", details: { causes: [{ reason: "ExitCode", message: "7" }] } },
    });
    expect(await reach.run(workload, ["node", "x y"])).to.deep.equal({
      code: 7,
      stdout: text.toString(),
      stderr: "a warning\n",
    });
    expect(commands).to.deep.equal([["/api/v1/namespaces/data/pods/b/exec", "node", "x y"]]);
  });

  it("says that no pod runs the container", async () => {
    const waits = { ...podOf("a"), status: { containerStatuses: [{ name: "exporter", state: { waiting: {} } }] } };
    const rest = "allowed: one that runs; fix: npm run ops -- status says what keeps them from it";
    const asked = async (pods: object[]) => refusal((await reachOf(pods)).reach.run(workload, ["true"]));
    expect(await asked([])).to.equal(`pods of data/pgbouncer: given none; ${rest}`);
    expect(await asked([waits])).to.equal(
      `pods of data/pgbouncer: given 1, and in none the container exporter runs; ${rest}`,
    );
  });
});
