import { request as httpRequest, type IncomingMessage } from "node:http";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import { createInterface } from "node:readline";
import { KubeConfig } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../support/objects";
import { ApiError } from "./errors";

/** Name under which the suite owns the fields that it sets. */
export const fieldManager = "tierstack";

export type Kind = Pick<KubernetesObject, "apiVersion" | "kind">;
/** What finds an object. */
export type Reference = Kind & { metadata: { name: string; namespace?: string } };

interface ResourceType {
  /** Name in addresses: `deployments`. */
  name: string;
  kind: string;
  namespaced: boolean;
}

interface Answer<T> {
  body: T;
  /** The `Warning` headers: what the server took, but thinks wrong. */
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

/** The text in `299 - "text"`. */
const warningText = (header: string) => /^\d+ \S+ "((?:[^"\\]|\\.)*)"/.exec(header)?.[1] ?? header;

/** An API server, over its own protocol: a thin layer, so that a test sees what the server says and nothing less. */
export class Api {
  private readonly types = new Map<string, ResourceType[]>();
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(private readonly config: KubeConfig) {}

  /** From the text of a kubeconfig, its current context. */
  static fromKubeconfig(text: string): Api {
    const config = new KubeConfig();
    config.loadFromString(text);
    return new Api(config);
  }

  /** Address of the server. */
  get server(): string {
    return this.config.getCurrentCluster()?.server ?? "";
  }

  private async open(path: string, { method = "GET", query = {}, body, contentType, headers }: Request) {
    const url = new URL(this.server + path);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const options: RequestOptions = { method, headers: { accept: "application/json", ...headers } };
    await this.config.applyToHTTPSOptions(options);
    // The library makes an agent for each request; one connection kept open serves them all.
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

  /** Asks the server, again where it says "later". Throws an `ApiError` where it refuses, and what `node:https` throws
   * where it is away. */
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

  /** Address of a kind's objects, or of one. A kind the server does not know is an `ApiError` 404. */
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
    if (!found) throw new ApiError(404, "NotFound", `GET ${prefix}`, `the server knows no kind ${kind} there`);
    return found;
  }

  private pathTo({ apiVersion, kind, metadata }: Reference): Promise<string> {
    return this.pathOf({ apiVersion, kind }, metadata.namespace, metadata.name);
  }

  /**
   * Server-side apply as Pulumi's provider does it: unknown or doubled fields are errors, conflicts are won.
   * @param options.dryRun  the server decides, and stores nothing
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

  /** Merges a change into an object, or into a part that is a resource of its own (`status`). */
  async merge(reference: Reference, change: object, part?: string): Promise<Answer<KubernetesObject>> {
    return this.ask((await this.pathTo(reference)) + (part ? `/${part}` : ""), {
      method: "PATCH",
      contentType: "application/merge-patch+json",
      query: { fieldManager, fieldValidation: "Strict" },
      body: change,
    });
  }

  /** The object, or undefined where there is none. */
  async find(reference: Reference): Promise<KubernetesObject | undefined> {
    try {
      return (await this.ask<KubernetesObject>(await this.pathTo(reference))).body;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Objects of a kind, in a namespace or in all. */
  async list(kind: Kind, namespace?: string, query: Query = {}): Promise<KubernetesObject[]> {
    const path = await this.pathOf(kind, namespace);
    const { body } = await this.ask<{ items: KubernetesObject[] }>(path, { query });
    // Members of a list come without their kind.
    return body.items.map((item) => ({ ...item, ...kind }));
  }

  /** Deletes an object and what it owns; it is no error that there is none. */
  async remove(reference: Reference): Promise<void> {
    try {
      await this.ask(await this.pathTo(reference), { method: "DELETE", query: { propagationPolicy: "Background" } });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  /**
   * Follows the objects of a kind: first those there are, as ADDED, then every change, in order.
   * @returns ends the watch, and throws where it had ended before: what happened since would have gone unseen
   */
  async watch(kind: Kind, namespace: string, seen: (event: Event) => void): Promise<() => void> {
    const response = await this.open(await this.pathOf(kind, namespace), { query: { watch: "true" } });
    if (response.statusCode !== 200) throw new Error(`watch of ${kind.kind}: ${response.statusCode}`);
    let cut = false;
    response.on("close", () => {
      cut = true;
    });
    const lines = createInterface({ input: response });
    // The end of the server is told by "close"; both speak of it as an error too.
    for (const source of [response, lines]) source.on("error", () => {});
    let refusal = "";
    lines.on("line", (line) => {
      const event: Event = JSON.parse(line);
      if (event.type === "ERROR") refusal = `: ${event.object.message}`;
      seen(event);
    });
    return () => {
      if (cut || refusal) throw new Error(`the watch of ${kind.kind} in ${namespace} ended too early${refusal}`);
      response.destroy();
    };
  }
}
