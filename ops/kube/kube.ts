import { request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { selectorLabels } from "../../components/support/labels";
import { Failure } from "../failure";

/** The API server refused a request. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

type Query = Record<string, string>;

/** Content types of the patches that commands send. */
const patches = { merge: "application/merge-patch+json", json: "application/json-patch+json" } as const;

/** What the commands need of an API server. Paths are those of its REST API. */
export interface Kube {
  get<T>(path: string, query?: Query): Promise<T>;
  /** Undefined where there is no such object. */
  find<T>(path: string): Promise<T | undefined>;
  /** Asks for the object's metadata alone: the values of a Secret stay where they are. */
  exists(path: string): Promise<boolean>;
  list<T>(path: string, query?: Query): Promise<T[]>;
  patch<T>(path: string, type: keyof typeof patches, body: unknown): Promise<T>;
  /** Applies one of our objects, and creates it where there is none. */
  apply<T>(path: string, object: unknown): Promise<T>;
  /** Creates an object, or a subresource such as the eviction of a pod. */
  create<T>(path: string, body: unknown): Promise<T>;
  /** The server's time in milliseconds since 1970, in whole seconds. */
  nowMs(): Promise<number>;
  /** Deletes an object; nothing where there is none. @param graceSeconds  that a pod has to stop @default its own */
  remove(path: string, graceSeconds?: number): Promise<void>;
}

/** Field manager of what the commands change. */
export const fieldManager = "tierstack-ops";

/** The label by which the stack's objects are found. */
export const ours = { labelSelector: "app.kubernetes.io/part-of=tierstack" } satisfies Query;

/** Labels of objects that the commands make. */
export const operationsLabels = (name: string) => ({
  ...selectorLabels(name),
  "app.kubernetes.io/component": "operations",
  "app.kubernetes.io/managed-by": fieldManager,
});

/** The labels of the pods of one of its workloads. */
export const podsNamed = (name: string): Query => ({
  labelSelector: `${ours.labelSelector},app.kubernetes.io/name=${name}`,
});

/** Milliseconds that the API server may be silent. */
const timeoutMs = 20_000;

interface Request {
  method: "GET" | "PATCH" | "POST" | "DELETE";
  query?: Query;
  body?: unknown;
  /** Of the body. */
  contentType?: string;
  /** @default all of an object */
  accept?: string;
}

const metadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

interface Answer {
  status: number;
  text: string;
  /** Seconds after which the server wants to be asked again; 0 where it says nothing. */
  againSeconds: number;
  /** When it answered, by its own clock, in milliseconds since 1970. NaN where it does not say. */
  dateMs: number;
}

/** How often a busy server is asked, and the longest pause between, in seconds. */
const busy = { tries: 5, longestSeconds: 5 } as const;

function sent(url: URL, options: RequestOptions, body: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const make = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = make(url, { ...options, timeout: timeoutMs }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => (text += part));
      const againSeconds = Number(response.headers["retry-after"]) || 0;
      const dateMs = Date.parse(response.headers.date ?? "");
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text, againSeconds, dateMs }));
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    request.on("error", reject);
    request.end(body);
  });
}

/** Sends a request, and again where the server has done nothing yet and says when to ask: as kubectl does. */
async function answered(...request: Parameters<typeof sent>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await sent(...request);
    const { status, againSeconds } = answer;
    if (status !== 429 || againSeconds === 0 || tries === busy.tries) return answer;
    await new Promise((resolve) => setTimeout(resolve, Math.min(againSeconds, busy.longestSeconds) * 1000));
  }
}

/** An API server, by kubectl's configuration. */
export class ApiServer implements Kube {
  constructor(private readonly config: KubeConfig) {}

  get<T>(path: string, query?: Query): Promise<T> {
    return this.ask(path, { method: "GET", ...(query && { query }) });
  }

  async find<T>(path: string, accept?: string): Promise<T | undefined> {
    try {
      return await this.ask<T>(path, { method: "GET", ...(accept && { accept }) });
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return undefined;
      throw error;
    }
  }

  async exists(path: string): Promise<boolean> {
    return (await this.find(path, metadataOnly)) !== undefined;
  }

  async list<T>(path: string, query?: Query): Promise<T[]> {
    return (await this.get<{ items: T[] }>(path, query)).items;
  }

  patch<T>(path: string, type: keyof typeof patches, body: unknown): Promise<T> {
    return this.ask(path, { method: "PATCH", query: { fieldManager }, body, contentType: patches[type] });
  }

  apply<T>(path: string, object: unknown): Promise<T> {
    const query = { fieldManager, force: "true", fieldValidation: "Strict" };
    return this.ask(path, { method: "PATCH", query, body: object, contentType: "application/apply-patch+yaml" });
  }

  create<T>(path: string, body: unknown): Promise<T> {
    return this.ask(path, { method: "POST", query: { fieldManager }, body, contentType: "application/json" });
  }

  async remove(path: string, graceSeconds?: number): Promise<void> {
    const options = graceSeconds !== undefined && {
      body: { gracePeriodSeconds: graceSeconds },
      contentType: "application/json",
    };
    try {
      await this.ask(path, { method: "DELETE", ...options });
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
    }
  }

  async nowMs(): Promise<number> {
    const { dateMs } = await this.answer("/version", { method: "GET" });
    if (Number.isNaN(dateMs)) throw new Failure("Kubernetes API: an answer without the header Date");
    return dateMs;
  }

  private async ask<T>(path: string, request: Request): Promise<T> {
    const { status, text } = await this.answer(path, request);
    const content = text.startsWith("{") ? JSON.parse(text) : { message: text };
    if (status < 400) return content as T;
    throw new Refused(status, String(content.message).trim());
  }

  private async answer(
    path: string,
    { method, query = {}, body, contentType, accept = "application/json" }: Request,
  ): Promise<Answer> {
    const server = this.config.getCurrentCluster()?.server ?? "";
    const url = new URL(server.replace(/\/$/, "") + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const options: RequestOptions = {
      method,
      headers: { accept, ...(contentType && { "content-type": contentType }) },
    };
    try {
      await this.config.applyToHTTPSOptions(options);
      return await answered(url, options, body === undefined ? undefined : JSON.stringify(body));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new Failure({
        where: "Kubernetes API",
        given: `${server}, which does not answer (${code ?? message.split("\n")[0]})`,
        allowed: "a cluster that answers kubectl get pods",
        fix: "name its stack with -s, or its context with --context",
      });
    }
  }
}
