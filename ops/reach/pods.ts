import { request } from "node:http";
import { Duplex, PassThrough, type Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import type { KubeConfig, V1Status } from "@kubernetes/client-node";
import { Failure } from "../failure";
import { type Kube, podsNamed } from "../kube/kube";
import { isReady, type Pod } from "../kube/objects";
import type { Ran, Reach, Read, Workload } from "./reach";

/** Loaded late: the library takes a second, which `--help` should not. */
const library = () => require("@kubernetes/client-node") as typeof import("@kubernetes/client-node");

/** Milliseconds that a pod may take to answer on its port. */
const readMs = 15_000;

/** The exit code that the kubelet reports. */
function codeOf({ status, details }: V1Status): number {
  if (status === "Success") return 0;
  return Number(details?.causes?.find(({ reason }) => reason === "ExitCode")?.message ?? 1);
}

/** Why a connection to a pod failed, in a line. */
const reasonOf = (error: unknown) =>
  String((error as { message?: string }).message ?? (error as { error?: Error }).error?.message ?? error).split(
    "\n",
  )[0];

/** Takes what a program writes. A character may come in two parts, so the text is that of the whole. */
class Written extends Writable {
  private readonly parts: Buffer[] = [];

  override _write(part: Buffer, _: string, done: () => void): void {
    this.parts.push(part);
    done();
  }

  text(): string {
    return Buffer.concat(this.parts).toString("utf8");
  }
}

/** Bytes that may wait for the line to a pod. The library itself would read a file as fast as the disk gives it. */
const mostWaiting = 4 * 1024 ** 2;

/** What is needed of a connection to a pod. */
interface Line {
  readonly bufferedAmount: number;
  readonly readyState: number;
  readonly OPEN: number;
}

/** Writes input to a pod at the speed of the line. The pipe stays open: at its end the library would end the connection. */
async function feed(input: Readable, pipe: PassThrough, line: Line): Promise<void> {
  for await (const part of input) {
    pipe.write(part);
    while (line.bufferedAmount > mostWaiting && line.readyState === line.OPEN) await sleep(5);
    if (line.readyState !== line.OPEN) return;
  }
}

/** Whether a container serves TLS, as its probe says. */
const servesTls = ({ spec }: Pod, container: string) =>
  spec.containers.find(({ name }) => name === container)?.readinessProbe?.httpGet?.scheme === "HTTPS";

/** Reaches pods as `kubectl exec` and `kubectl port-forward` do: through the API server and the kubelet. */
export class Pods implements Reach {
  constructor(
    private readonly config: KubeConfig,
    private readonly kube: Kube,
  ) {}

  async run(workload: Workload, command: readonly string[], input?: Readable): Promise<Ran> {
    const [pod] = await this.running(workload);
    const { namespace, container } = workload;
    const name = (pod as Pod).metadata.name;
    const [stdout, stderr] = [new Written(), new Written()];
    const exec = new (library().Exec)(this.config);
    const pipe = input && new PassThrough();
    const status = await new Promise<V1Status>((resolve, reject) => {
      exec
        .exec(namespace, name, container, [...command], stdout, stderr, pipe ?? null, false, resolve)
        .then((socket) => {
          socket.on("close", () => resolve({ status: "Failure", message: "the connection ended early" }));
          if (input && pipe) return feed(input, pipe, socket as unknown as Line);
        })
        .catch(reject);
    }).catch((error) => {
      throw this.unreachable(namespace, name, reasonOf(error));
    });
    const { message = "" } = status;
    const code = codeOf(status);
    return { code, stdout: stdout.text(), stderr: stderr.text() || (code === 0 ? "" : message) };
  }

  async read(workload: Workload, port: number, path: string): Promise<Read[]> {
    const pods = await this.running(workload);
    return Promise.all(
      pods.map(async (pod) => {
        const { name } = pod.metadata;
        const { namespace, container } = workload;
        const text = await this.readFrom({ namespace, pod: name, tls: servesTls(pod, container) }, port, path).catch(
          (error) => {
            throw this.unreachable(namespace, name, reasonOf(error));
          },
        );
        return { pod: name, text };
      }),
    );
  }

  private async readFrom(
    { namespace, pod, tls }: { namespace: string; pod: string; tls: boolean },
    port: number,
    path: string,
  ): Promise<string> {
    const [output, input, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const forward = new (library().PortForward)(this.config);
    const socket = await forward.portForward(namespace, pod, [port], output, errors, input);
    try {
      return await new Promise<string>((resolve, reject) => {
        errors.on("data", (part) => reject(new Error(String(part))));
        const forwarded = Duplex.from({ readable: output, writable: input });
        // It ends in the pod: the API server and the kubelet vouch for it, so its certificate is not asked for a name.
        const connection = tls ? connectTls({ socket: forwarded, rejectUnauthorized: false }) : forwarded;
        connection.on("error", reject);
        const asked = request({ path, host: "localhost", createConnection: () => connection as never }, (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (part) => (text += part));
          response.on("end", () =>
            response.statusCode === 200 ? resolve(text) : reject(new Error(`${path} answers ${response.statusCode}`)),
          );
        });
        asked.on("error", reject);
        setTimeout(() => reject(new Error(`no answer within ${readMs / 1000} s`)), readMs).unref();
        asked.end();
      });
    } finally {
      if (typeof socket !== "function") socket.close();
    }
  }

  /** Pods whose containers run, those first that are ready: one that is not may be what the operator looks into. */
  private async running({ namespace, name, container }: Workload): Promise<Pod[]> {
    const pods = await this.kube.list<Pod>(`/api/v1/namespaces/${namespace}/pods`, podsNamed(name));
    const up = pods.filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined &&
        status?.containerStatuses?.some((one) => one.name === container && one.state?.running !== undefined),
    );
    if (up.length > 0) return up.sort((a, b) => Number(isReady(b)) - Number(isReady(a)));
    throw new Failure({
      where: `pods of ${namespace}/${name}`,
      given: pods.length === 0 ? "none" : `${pods.length}, and in none the container ${container} runs`,
      allowed: "one that runs",
      fix: "npm run ops -- status says what keeps them from it",
    });
  }

  private unreachable(namespace: string, pod: string, reason: string | undefined): Failure {
    return new Failure({
      where: `pod ${namespace}/${pod}`,
      given: `a connection that failed (${reason})`,
      allowed: "what kubectl exec and kubectl port-forward may do",
      fix: "check your rights on pods/exec and pods/portforward, and the pod's node",
    });
  }
}
