import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { connect } from "../../ops/connect";
import { testProject } from "../support/project";

const kubeconfig = (server: string) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "shop", context: { cluster: "c", user: "u" } }],
    "current-context": "shop",
  });

const labels = (role: string) => ({ "app.kubernetes.io/name": role });

describe("connecting to a product", () => {
  const kept = process.env.KUBECONFIG;
  let folder: string;
  let server: Server;
  /** Namespaces with the stack's label. */
  let namespaces: object[] = [];

  before((done) => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-connect-"));
    server = createServer((_, response) => {
      response.setHeader("content-type", "application/json").end(JSON.stringify({ items: namespaces }));
    }).listen(0, "127.0.0.1", () => {
      process.env.KUBECONFIG = join(folder, "config");
      writeFileSync(process.env.KUBECONFIG, kubeconfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
      done();
    });
  });

  after(() => {
    if (kept === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = kept;
    server.close();
    rmSync(folder, { recursive: true });
  });

  const target = { stack: undefined, context: undefined, cwd: undefined };
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => "nothing",
      (error: Error) => error.message,
    );
  const named = (...names: [name: string, role: string][]) =>
    names.map(([name, role]) => ({ metadata: { name, labels: labels(role) } }));

  it("finds the namespaces of the one product by their labels, with their prefix", async () => {
    namespaces = named(["app", "app"], ["data", "data"]);
    expect(await connect(target, folder)).to.deep.include({
      cluster: "shop",
      flags: "",
      namespaces: { app: "app", data: "data" },
    });
    namespaces = named(["shop-app", "app"], ["shop-data", "data"]);
    expect((await connect(target, folder)).namespaces).to.deep.equal({ app: "shop-app", data: "shop-data" });
  });

  it("does not choose between products, and says where there is none", async () => {
    namespaces = named(["a-app", "app"], ["b-app", "app"]);
    expect(await refusal(connect(target, folder))).to.equal(
      "command line: given a cluster with several products: a-app, b-app; allowed: one of them; fix: name its stack with -s",
    );
    namespaces = [];
    expect(await refusal(connect(target, folder))).to.equal(
      "cluster shop: given no namespace of the stack; allowed: a cluster that pulumi up has deployed to; fix: name the stack " +
        "with -s, or its context with --context",
    );
  });

  it("refuses a context that there is not, with the one that is meant", async () => {
    expect(await refusal(connect({ ...target, context: "shpo" }, folder))).to.equal(
      "--context: given shpo; allowed: shop; fix: did you mean shop?",
    );
  });

  it("takes the kubeconfig of a stack from its outputs", async () => {
    const asked: string[][] = [];
    const pulumi = async (args: string[]) => {
      asked.push(args);
      return { code: 0, output: kubeconfig("https://127.0.0.1:1") };
    };
    const world = await connect({ ...target, stack: "growth" }, testProject(), pulumi);
    expect(asked).to.deep.equal([["stack", "output", "kubeconfig", "--show-secrets", "--stack", "growth"]]);
    expect(world).to.deep.include({ cluster: "shop", flags: " -s growth", namespaces: { app: "app", data: "data" } });
    expect(world.stack).to.include({
      name: "growth",
      maintenance: false,
      region: "us-east-1",
      backupRegion: "us-west-2",
    });
    const none = async () => ({ code: 255, output: "" });
    expect(await refusal(connect({ ...target, stack: "growth" }, testProject(), none))).to.equal(
      "-s growth: given no output kubeconfig; allowed: a deployed stack whose outputs Pulumi shows; fix: log in to its " +
        "backend (pulumi login), or leave out -s where kubectl's cluster is enough",
    );
  });

  it("writes the flags of its commands as a shell takes them", async () => {
    const output = kubeconfig("https://127.0.0.1:1").replaceAll('"shop"', `"it's mine"`);
    const named = { ...target, stack: "growth", context: "it's mine" };
    const { flags } = await connect(named, testProject(), async () => ({ code: 0, output }));
    expect(flags).to.equal(" -s growth --context 'it'\\''s mine'");
  });

  it("uses kubectl's configuration for a stack on an existing cluster", async () => {
    const pulumi = () => Promise.reject(new Error("asked Pulumi"));
    expect((await connect({ ...target, stack: "local" }, testProject(), pulumi)).cluster).to.equal("shop");
  });

  it("refuses a file that is no kubeconfig, in one line", async () => {
    const file = process.env.KUBECONFIG as string;
    process.env.KUBECONFIG = join(folder, "broken");
    writeFileSync(process.env.KUBECONFIG, "clusters: {");
    const message = await refusal(connect(target, folder));
    process.env.KUBECONFIG = file;
    expect(message).to.match(
      /^kubectl's configuration: given a file that cannot be read \(.+\); allowed: a kubeconfig; fix: /,
    );
    expect(message.split("\n")).to.have.length(1);
  });
});
