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
  /** Kubeconfig with administrator access. */
  kubeconfig: string;
  /** Kills the API server, like a crash, and restarts it on the same port and store. */
  killApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** Whether to run controllers, scheduler and simulated nodes, not only the API server. @default true */
  pods?: boolean;
  /** Additional flags of kube-controller-manager. */
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

/** One attempt to start a control plane, on ports that are free now. */
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
    // etcd's Go module names its command `server`.
    servers.start("etcd", join(this.bin, "server"), [
      `--data-dir=${servers.path("etcd")}`,
      `--listen-client-urls=${store}`,
      `--advertise-client-urls=${store}`,
      `--listen-peer-urls=http://${loopback}:${peer}`,
      // The data must survive a killed API server, but not a crash of the machine.
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
    const scheduler = [
      kubeconfig,
      `--bind-address=${loopback}`,
      `--secure-port=${await freePort()}`,
      "--leader-elect=false",
    ];
    // It ends itself where it missed that a pod of a StatefulSet was made anew on another node, as it can while the API server
    // is away (kube-scheduler, backend/cache: "Scheduler cache is corrupted").
    servers.start("kube-scheduler", join(this.bin, "kube-scheduler"), scheduler, { restarts: 3 });
    startNodes(servers, this.bin);
  }

  /** Writes the signing key of service account tokens, and the token of the tests. */
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
      // A loopback address is not allowed as the endpoint of the `kubernetes` Service.
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

  /** Waits until the API server is ready. It creates its certificate on first start. */
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

  /** Folder of the servers' files. */
  get folder(): string {
    return this.servers.folder;
  }

  /** Returns the process IDs of the servers. */
  pids(): Promise<number[]> {
    return Promise.all(names.map((name) => this.servers.pidOf(name)));
  }

  /** Stops the servers, then throws if one had exited before: a test may have waited for it until its timeout. */
  async stop(): Promise<void> {
    try {
      this.servers.check();
    } finally {
      await this.servers.stop();
    }
  }

  /** Stops the servers of a failed start. */
  abandon(): Promise<void> {
    return this.servers.stop();
  }
}

let programs: Promise<string> | undefined;

/** Starts etcd, the API server and, by default, the controllers, the scheduler and kwok's simulated nodes. */
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
      // Another program can take a free port before the server binds it.
      if (attempt === 3 || !/address already in use/.test(String(error))) throw error;
    }
  }
}
