import { once } from "node:events";
import { appendFileSync, mkdirSync, symlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { stringify } from "yaml";
import { exporter, goIsThere } from "../support/exporters";
import { type KubernetesObject, stackObjects } from "../support/objects";
import { keepingLogs } from "../support/observed";
import { until } from "./support/instance";
import { certificates, freePort, Sandbox, stopped } from "./support/postgres";

const node = "node-0";

/** Pods of the node: of the product, and one of another product in the same cluster. */
const pods = [
  ["app", "app-0", "app"],
  ["data", "pgbouncer-0", "pgbouncer"],
  ["other", "stranger-0", "main"],
].map(([namespace, name, container]) => ({
  metadata: { namespace, name, resourceVersion: "1" },
  spec: { nodeName: node, containers: [{ name: container }] },
  status: { podIP: "10.0.0.1", containerStatuses: [{ name: container, containerID: `containerd://${name}-id` }] },
}));

/** What the agent asks of an API server. A watch gets no events. */
function apiServer(): Server {
  const answers: Record<string, object> = {
    "/api/v1/nodes": { items: [{ metadata: { name: node } }] },
    [`/api/v1/nodes/${node}`]: { metadata: { name: node } },
    "/api/v1/namespaces": { items: ["app", "data", "other"].map((name) => ({ metadata: { name } })) },
    "/api/v1/pods": { metadata: { resourceVersion: "1" }, items: pods },
  };
  return createServer(({ url = "" }, response) => {
    const { pathname, searchParams } = new URL(url, "http://api");
    response.setHeader("content-type", "application/json");
    if (searchParams.has("watch")) return response.flushHeaders();
    const answer = answers[pathname];
    return answer ? response.end(JSON.stringify(answer)) : response.writeHead(404).end();
  });
}

/** The flags of a container of the plan, some with another value. */
function flagsOf(objects: KubernetesObject[], kind: string, name: string, values: Record<string, string>): string[] {
  const object = objects.find((one) => one.kind === kind && one.metadata.name === name) as KubernetesObject;
  const args: string[] = object.spec.template.spec.containers[0].args;
  const missing = Object.keys(values).filter((flag) => !args.some((arg) => arg.startsWith(`${flag}=`)));
  if (missing.length > 0) throw new Error(`${name} has no ${missing.join(", ")}`);
  return args.map((arg) => {
    const [flag = ""] = arg.split("=");
    return flag in values ? `${flag}=${values[flag]}` : arg;
  });
}

interface Line {
  _msg: string;
  _time: string;
  [field: string]: string;
}

describe("logs, from the files of the container runtime to an answer", function () {
  this.timeout(300_000);
  let sandbox: Sandbox;
  let api: Server;
  let store: ReturnType<Sandbox["start"]>;
  let agent: ReturnType<Sandbox["start"]>;
  let startStore: () => void;
  let startAgent: () => void;
  let query: (text: string) => Promise<Line[]>;

  const fileOf = (pod: string) => sandbox.path("pods", pod, "0.log");
  /** As containerd writes: time, stream, whether the line goes on, content. */
  const write = (pod: string, content: string, part: "F" | "P" = "F") =>
    appendFileSync(fileOf(pod), `${new Date().toISOString().replace("Z", "000000Z")} stdout ${part} ${content}\n`);
  const found = async (text: string, count: number): Promise<Line[]> => {
    let lines: Line[] = [];
    const seen = async () => {
      lines = await query(text).catch(() => []);
      return lines.length >= count;
    };
    await until(seen, () => `${JSON.stringify(lines)}\n${agent.log()}\n${store.log()}`, 60);
    return lines;
  };

  before(async function () {
    if (!goIsThere()) {
      console.log("    skipped: go not found, which builds the store and its agent");
      return this.skip();
    }
    const programs = { store: exporter("victoria-logs"), agent: exporter("vlagent") };
    const objects = (await stackObjects("growth", keepingLogs("growth"))).map(({ object }) => object);
    sandbox = new Sandbox();
    const tls = certificates(sandbox, "openssl");
    const ports = { store: await freePort(), local: await freePort() };
    for (const folder of ["pods", "containers", "logs", "state"]) sandbox.mkdir(folder);
    for (const { metadata, spec } of pods) {
      const [pod = "", namespace = "", container = ""] = [metadata.name, metadata.namespace, spec.containers[0]?.name];
      mkdirSync(sandbox.path("pods", pod));
      symlinkSync(fileOf(pod), sandbox.path("containers", `${pod}_${namespace}_${container}-${pod}-id.log`));
      write(pod, `${pod} starts`);
    }
    api = apiServer().listen(0, "127.0.0.1");
    await once(api, "listening");
    const cluster = { server: `http://127.0.0.1:${(api.address() as AddressInfo).port}` };
    const kubeconfig = sandbox.write(
      "kubeconfig",
      stringify({
        clusters: [{ name: "test", cluster }],
        users: [{ name: "test", user: {} }],
        contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
        "current-context": "test",
      }),
    );
    const storeFlags = flagsOf(objects, "Deployment", "log-store", {
      "-storageDataPath": sandbox.path("logs"),
      "-httpListenAddr": `127.0.0.1:${ports.store},127.0.0.1:${ports.local}`,
      "-tlsCertFile": tls.certificate,
      "-tlsKeyFile": tls.key,
    });
    const agentFlags = flagsOf(objects, "DaemonSet", "log-agent", {
      "-remoteWrite.url": `https://localhost:${ports.store}/insert/native`,
      "-remoteWrite.tlsCAFile": tls.ca,
      "-tmpDataPath": sandbox.path("state"),
      "-httpListenAddr": `127.0.0.1:${await freePort()}`,
    });
    startStore = () => {
      store = sandbox.start(programs.store, storeFlags);
    };
    startAgent = () => {
      const path = `-kubernetesCollector.logsPath=${sandbox.path("containers")}`;
      agent = sandbox.start(programs.agent, [...agentFlags, path], { KUBECONFIG: kubeconfig });
    };
    query = async (text) => {
      const body = new URLSearchParams({ query: text });
      const answer = await fetch(`http://127.0.0.1:${ports.local}/select/logsql/query`, { method: "POST", body });
      return (await answer.text()).split("\n").flatMap((line) => (line ? [JSON.parse(line) as Line] : []));
    };
    startStore();
    startAgent();
  });

  after(async () => {
    await sandbox?.close();
    api?.closeAllConnections();
    api?.close();
  });

  it("finds a line by its namespace, pod and container", async () => {
    const [line] = await found('{"kubernetes.pod_namespace"="data"}', 1);
    expect(line).to.deep.include({
      _msg: "pgbouncer-0 starts",
      "kubernetes.pod_namespace": "data",
      "kubernetes.pod_name": "pgbouncer-0",
      "kubernetes.container_name": "pgbouncer",
      "kubernetes.pod_node_name": node,
    });
    expect(Object.keys(line ?? {}).filter((field) => /labels|annotations/.test(field))).to.deep.equal([]);
  });

  it("takes a line of JSON apart, with its own time", async () => {
    const time = new Date(Date.now() - 60_000).toISOString();
    write("app-0", JSON.stringify({ time, level: "error", msg: "payment refused", order: "42" }));
    const [line] = await found("level:error", 1);
    expect(line).to.deep.include({ _msg: "payment refused", level: "error", order: "42" });
    expect(Date.parse(line?._time ?? "")).to.equal(Date.parse(time));
  });

  it("joins a line that the runtime has split", async () => {
    const long = "x".repeat(16 * 1024);
    write("app-0", `long ${long}`, "P");
    write("app-0", "end");
    const [line] = await found("long*", 1);
    expect(line?._msg).to.equal(`long ${long}end`);
  });

  it("takes no line of another product in the cluster", async () => {
    expect(await query("starts")).to.have.length(2);
    expect(await query("stranger*")).to.deep.equal([]);
  });

  it("loses and doubles nothing when the store is away, and when the agent is stopped", async () => {
    await stopped(store, "SIGKILL");
    for (let at = 0; at < 50; at++) write("app-0", `away ${at}`);
    startStore();
    await found("away", 50);
    await stopped(agent, "SIGTERM");
    for (let at = 0; at < 50; at++) write("app-0", `stopped ${at}`);
    startAgent();
    await found("stopped", 50);
    const messages = (await query("away or stopped")).map(({ _msg }) => _msg);
    expect(new Set(messages).size).to.equal(100);
    expect(messages).to.have.length(100);
  });
});
