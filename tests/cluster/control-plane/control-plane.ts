import { generateKeyPairSync, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Api } from "../api/api";
import { buildTools } from "../tools/build";
import { freePort, Servers, until } from "./servers";
import { startNodes } from "./simulation";

/** A Kubernetes cluster under test. */
export interface ControlPlane {
  api: Api;
  /** Text of a kubeconfig with every right. */
  kubeconfig: string;
  /** Ends the API server as a crash would, and starts it again on the same port and store. */
  killApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** Whether controllers, scheduler and simulated nodes run, or the API server alone. @default true */
  pods?: boolean;
  /** Flags of kube-controller-manager beyond the suite's own. */
  controllerManager?: string[];
}

const names = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;

const loopback = "127.0.0.1";

function kubeconfigOf(server: string, authority: Buffer, token: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server, "certificate-authority-data": authority.toString("base64") } }],
    users: [{ name: "test", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  });
}

/** One attempt at a control plane of our own, on ports that are free now. */
export class OwnControlPlane implements ControlPlane {
  private readonly servers = new Servers();
  private readonly token = randomUUID();
  private apiServer: string[] = [];
  private address = "";
  api!: Api;
  kubeconfig!: string;

  constructor(private readonly bin: string) {}

  async start({ pods = true, controllerManager = [] }: ControlPlaneOptions): Promise<void> {
    const { servers } = this;
    const [etcd, peer, port] = [await freePort(), await freePort(), await freePort()];
    this.writeKeys();
    const store = `http://${loopback}:${etcd}`;
    // etcd's own name for its command is `server`.
    servers.start("etcd", join(this.bin, "server"), [
      `--data-dir=${servers.path("etcd")}`,
      `--listen-client-urls=${store}`,
      `--advertise-client-urls=${store}`,
      `--listen-peer-urls=http://${loopback}:${peer}`,
      // What is stored ends with the test, but must outlive a killed API server, not a killed machine.
      "--unsafe-no-fsync",
    ]);
    this.address = `https://${loopback}:${port}`;
    this.apiServer = this.apiServerArguments(store, port);
    await this.startApiServer();
    if (!pods) return;
    const kubeconfig = `--kubeconfig=${servers.path("kubeconfig")}`;
    servers.start("kube-controller-manager", join(this.bin, "kube-controller-manager"), [
      kubeconfig,
      `--bind-address=${loopback}`,
      `--secure-port=${await freePort()}`,
      "--leader-elect=false",
      `--service-account-private-key-file=${servers.path("accounts.key")}`,
      ...controllerManager,
    ]);
    servers.start("kube-scheduler", join(this.bin, "kube-scheduler"), [
      kubeconfig,
      `--bind-address=${loopback}`,
      `--secure-port=${await freePort()}`,
      "--leader-elect=false",
    ]);
    startNodes(servers, this.bin);
  }

  /** Keys of the tokens of service accounts, and the token of the tests. */
  private writeKeys(): void {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    writeFileSync(this.servers.path("accounts.key"), privateKey, { mode: 0o600 });
    writeFileSync(this.servers.path("tokens.csv"), `${this.token},test,test,system:masters\n`, { mode: 0o600 });
  }

  private apiServerArguments(store: string, port: number): string[] {
    const { servers } = this;
    return [
      `--etcd-servers=${store}`,
      `--bind-address=${loopback}`,
      `--advertise-address=${loopback}`,
      // A loopback address may not be the endpoint of the `kubernetes` service.
      "--endpoint-reconciler-type=none",
      `--secure-port=${port}`,
      `--cert-dir=${servers.path("certificates")}`,
      "--service-cluster-ip-range=10.96.0.0/16",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${servers.path("accounts.key")}`,
      `--service-account-signing-key-file=${servers.path("accounts.key")}`,
      `--token-auth-file=${servers.path("tokens.csv")}`,
      "--authorization-mode=RBAC",
    ];
  }

  async startApiServer(): Promise<void> {
    this.servers.start("kube-apiserver", join(this.bin, "kube-apiserver"), this.apiServer);
    await this.ready();
  }

  killApiServer(): Promise<void> {
    return this.servers.kill("kube-apiserver");
  }

  /** Waits until the API server answers; it makes its certificate at its first start. */
  private async ready(): Promise<void> {
    const { servers } = this;
    const alive = () => servers.check();
    const certificate = () => readFileSync(join(servers.path("certificates"), "apiserver.crt"));
    const authority = await until("the API server's certificate", certificate, { alive });
    this.kubeconfig = kubeconfigOf(this.address, authority, this.token);
    writeFileSync(servers.path("kubeconfig"), this.kubeconfig, { mode: 0o600 });
    this.api ??= Api.fromKubeconfig(this.kubeconfig);
    const ready = async () => (await this.api.ask<string>("/readyz")).body === "ok" || undefined;
    await until("the API server", ready, { alive });
  }

  /** Where the servers keep their files. */
  get folder(): string {
    return this.servers.folder;
  }

  /** Processes of the servers. */
  pids(): Promise<number[]> {
    return Promise.all(names.map((name) => this.servers.pidOf(name)));
  }

  /** Ends the servers. Throws, afterwards, where one had ended by itself: what a test then waited for in vain. */
  async stop(): Promise<void> {
    try {
      this.servers.check();
    } finally {
      await this.servers.stop();
    }
  }

  /** Ends what had begun to start. */
  abandon(): Promise<void> {
    return this.servers.stop();
  }
}

let programs: Promise<string> | undefined;

/** Starts etcd, the API server and, unless told otherwise, the controllers, the scheduler and kwok's nodes. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<OwnControlPlane> {
  programs ??= buildTools("control-plane");
  const bin = await programs;
  for (let attempt = 1; ; attempt++) {
    const plane = new OwnControlPlane(bin);
    try {
      await plane.start(options);
      return plane;
    } catch (error) {
      await plane.abandon();
      // Between our asking for a free port and a server's taking it, another program may have been quicker.
      if (attempt === 3 || !/address already in use/.test(String(error))) throw error;
    }
  }
}
