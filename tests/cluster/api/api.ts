import { request as httpRequest, type IncomingMessage } from "node:http";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import { createInterface } from "node:readline";
import { KubeConfig } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../support/objects";
import { ApiError } from "./errors";

/** Field manager of the suite. */
export const fieldManager = "tierstack";

export type Kind = Pick<KubernetesObject, "apiVersion" | "kind">;
/** Reference to an object. */
export type Reference = Kind & { metadata: { name: string; namespace?: string } };

interface ResourceType {
  /** Plural name in URLs, such as `deployments`. */
  name: string;
  kind: string;
  namespaced: boolean;
}

interface Answer<T> {
  body: T;
  /** Texts of the `Warning` headers. */
  warnings: string[];
}

type Query = Record<string, string | undefined>;

export interface Event {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: KubernetesObject;
}

interface Request {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Query;
  body?: unknown;
  contentType?: string;
  headers?: Record<string, string | string[]>;
}

/** Returns the text of a header such as `299 - "text"`. */
const warningText = (header: string) => /^\d+ \S+ "((?:[^"\\]|\\.)*)"/.exec(header)?.[1] ?? header;

/** A thin HTTP client of an API server, which exposes the server's warnings and errors to the tests. */
export class Api {
  private readonly types = new Map<string, ResourceType[]>();
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(private readonly config: KubeConfig) {}

  /** Creates a client for the current context of a kubeconfig. */
  static fromKubeconfig(text: string): Api {
    const config = new KubeConfig();
    config.loadFromString(text);
    return new Api(config);
  }

  /** URL of the server. */
  get server(): string {
    return this.config.getCurrentCluster()?.server ?? "";
  }

  private async open(path: string, { method = "GET", query = {}, body, contentType, headers }: Request) {
    const url = new URL(this.server + path);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const options: RequestOptions = { method, headers: { accept: "application/json", ...headers } };
    await this.config.applyToHTTPSOptions(options);
    // The library creates an agent per request. One keep-alive agent serves them all.
    options.agent = url.protocol === "https:" ? this.agent : undefined;
    const text = body === undefined ? undefined : JSON.stringify(body);
    if (text) options.headers = { ...options.headers, "content-type": contentType ?? "application/json" };
    return new Promise<IncomingMessage>((resolve, reject) => {
      const make = url.protocol === "https:" ? httpsRequest : httpRequest;
      const request = make(url, options, resolve);
      request.on("error", reject);
      request.end(text);
    });
  }

  /**
   * Sends a request, and retries it if the server asks to retry later. Throws an `ApiError` if the server rejects it,
   * and the error of `node:https` if the server is unreachable.
   */
  async ask<T>(path: string, request: Request = {}): Promise<Answer<T>> {
    const response = await this.open(path, request);
    const pause = Number(response.headers["retry-after"]);
    if (response.statusCode === 429 && pause > 0) {
      response.resume();
      await new Promise((resolve) => setTimeout(resolve, pause * 1000));
      return this.ask(path, request);
    }
    let text = "";
    response.setEncoding("utf8");
    for await (const chunk of response) text += chunk;
    const status = response.statusCode ?? 0;
    const isJson = String(response.headers["content-type"]).includes("json");
    const answer = isJson ? JSON.parse(text) : text;
    if (status >= 400) {
      const { reason = "Unknown", message = text } = isJson ? answer : {};
      throw new ApiError(status, reason, `${request.method ?? "GET"} ${path}`, message);
    }
    const warnings = response.headersDistinct.warning?.map(warningText) ?? [];
    return { body: answer, warnings };
  }

  /** Returns the path of a kind's objects, or of one object. Throws an `ApiError` 404 for an unknown kind. */
  async pathOf({ apiVersion, kind }: Kind, namespace?: string, name?: string): Promise<string> {
    const prefix = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const type = await this.typeOf(prefix, kind);
    const place = type.namespaced && namespace ? `/namespaces/${namespace}` : "";
    return `${prefix}${place}/${type.name}${name ? `/${name}` : ""}`;
  }

  private async typeOf(prefix: string, kind: string): Promise<ResourceType> {
    const known = this.types.get(prefix)?.find((type) => type.kind === kind);
    if (known) return known;
    const { body } = await this.ask<{ resources: ResourceType[] }>(prefix);
    const types = body.resources.filter(({ name }) => !name.includes("/"));
    this.types.set(prefix, types);
    const found = types.find((type) => type.kind === kind);
    if (!found) throw new ApiError(404, "NotFound", `GET ${prefix}`, `the server has no kind ${kind} there`);
    return found;
  }

  private pathTo({ apiVersion, kind, metadata }: Reference): Promise<string> {
    return this.pathOf({ apiVersion, kind }, metadata.namespace, metadata.name);
  }

  /**
   * Server-side apply as in Pulumi's provider: rejects unknown and duplicate fields, and forces conflicts.
   * @param options.dryRun  whether to only validate, without storing the object
   */
  async apply(object: KubernetesObject, options: { dryRun?: boolean } = {}): Promise<Answer<KubernetesObject>> {
    return this.ask(await this.pathTo(object), {
      method: "PATCH",
      contentType: "application/apply-patch+yaml",
      query: { fieldManager, force: "true", fieldValidation: "Strict", dryRun: options.dryRun ? "All" : undefined },
      body: object,
    });
  }

  async create(object: KubernetesObject, options: { dryRun?: boolean } = {}): Promise<Answer<KubernetesObject>> {
    const { namespace } = object.metadata;
    return this.ask(await this.pathOf(object, namespace), {
      method: "POST",
      query: { fieldManager, fieldValidation: "Strict", dryRun: options.dryRun ? "All" : undefined },
      body: object,
    });
  }

  /** Merge-patches an object or a subresource such as `status`. */
  async merge(reference: Reference, change: object, part?: string): Promise<Answer<KubernetesObject>> {
    return this.ask((await this.pathTo(reference)) + (part ? `/${part}` : ""), {
      method: "PATCH",
      contentType: "application/merge-patch+json",
      query: { fieldManager, fieldValidation: "Strict" },
      body: change,
    });
  }

  /** Returns the object, or undefined if it does not exist. */
  async find(reference: Reference): Promise<KubernetesObject | undefined> {
    try {
      return (await this.ask<KubernetesObject>(await this.pathTo(reference))).body;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Returns the objects of a kind, in one namespace or all. */
  async list(kind: Kind, namespace?: string, query: Query = {}): Promise<KubernetesObject[]> {
    const path = await this.pathOf(kind, namespace);
    const { body } = await this.ask<{ items: KubernetesObject[] }>(path, { query });
    // List items have no apiVersion and kind.
    return body.items.map((item) => ({ ...item, ...kind }));
  }

  /** Deletes an object and its dependents. Ignores an object that does not exist. */
  async remove(reference: Reference): Promise<void> {
    try {
      await this.ask(await this.pathTo(reference), { method: "DELETE", query: { propagationPolicy: "Background" } });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  /**
   * Watches the objects of a kind: first the existing ones, as ADDED, then every change, in order.
   * @returns a function that stops the watch. It throws if the watch ended earlier and so missed events.
   */
  async watch(kind: Kind, namespace: string, seen: (event: Event) => void): Promise<() => void> {
    const response = await this.open(await this.pathOf(kind, namespace), { query: { watch: "true" } });
    if (response.statusCode !== 200) throw new Error(`watch of ${kind.kind}: ${response.statusCode}`);
    let cut = false;
    response.on("close", () => {
      cut = true;
    });
    const lines = createInterface({ input: response });
    // "close" reports the end of the server. The request and the response also emit an error.
    for (const source of [response, lines]) source.on("error", () => {});
    let refusal = "";
    lines.on("line", (line) => {
      const event: Event = JSON.parse(line);
      if (event.type === "ERROR") refusal = `: ${event.object.message}`;
      seen(event);
    });
    return () => {
      if (cut || refusal) throw new Error(`the watch of ${kind.kind} in ${namespace} ended early${refusal}`);
      response.destroy();
    };
  }
}
