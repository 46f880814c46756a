import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Posted {
  id: number;
  body: string;
  user: { login: string };
}

interface PullRequest {
  number: number;
  state: string;
  /** OWNER:BRANCH */
  label: string;
  sha: string;
}

interface Artifact {
  id: number;
  run: number;
  name: string;
  zip: Buffer;
  /** What the API says of its size, in bytes. @default that of the archive */
  size?: number;
}

/**
 * GitHub's REST API for one repository, as far as a preview uses it. It refuses what GitHub refuses: a token that is not
 * the run's (401), a body of more than 65,536 characters (422), an unknown path (404). Lists have pages of at most 100.
 */
export class GitHubStandIn {
  readonly token = "token-of-the-run";
  comments: Record<number, Posted[]> = {};
  pullRequests: PullRequest[] = [];
  artifacts: Artifact[] = [];
  /** Requests in order: METHOD PATH. */
  requests: string[] = [];
  /** Tokens that the host of the artifacts saw. */
  seenByStorage: (string | undefined)[] = [];
  api = "";
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));
  private readonly storage: Server = createServer((request, response) => {
    this.seenByStorage.push(request.headers.authorization);
    response.end(this.artifacts.find(({ id }) => `/${id}` === request.url)?.zip);
  });

  async start(): Promise<void> {
    for (const server of [this.server, this.storage])
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.api = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const server of [this.server, this.storage]) {
      server.closeAllConnections();
      server.close();
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const url = new URL(request.url ?? "", this.api);
    this.requests.push(`${request.method} ${url.pathname}`);
    const send = (status: number, content: unknown) => response.writeHead(status).end(JSON.stringify(content));
    if (request.headers.authorization !== `Bearer ${this.token}`) return void send(401, { message: "Bad credentials" });
    const path = url.pathname.replace(/^\/repos\/acme\/shop\//, "");
    const zip = /^actions\/artifacts\/(\d+)\/zip$/.exec(path);
    if (zip) {
      const storage = `http://127.0.0.1:${(this.storage.address() as AddressInfo).port}/${zip[1]}`;
      return void response.writeHead(302, { location: storage }).end();
    }
    const [status, content] = this.found(request.method ?? "", path, url.searchParams, body);
    send(status, content);
  }

  private found(method: string, path: string, query: URLSearchParams, text: string): [number, unknown] {
    const paged = (items: unknown[]) => {
      const size = Math.min(Number(query.get("per_page") ?? 30), 100);
      const start = (Number(query.get("page") ?? 1) - 1) * size;
      return items.slice(start, start + size);
    };
    if (method === "GET" && path === "pulls") {
      const wanted = this.pullRequests.filter(
        ({ state, label }) => state === query.get("state") && label === query.get("head"),
      );
      return [200, paged(wanted).map((one) => ({ number: (one as PullRequest).number, head: one }))];
    }
    const run = /^actions\/runs\/(\d+)\/artifacts$/.exec(path)?.[1];
    if (method === "GET" && run) {
      const of = this.artifacts.filter((one) => String(one.run) === run && one.name === query.get("name"));
      const artifacts = of.map(({ id, zip, size = zip.length }) => ({ id, size_in_bytes: size, expired: false }));
      return [200, { total_count: of.length, artifacts: paged(artifacts) }];
    }
    return this.comment(method, path, text, paged);
  }

  private comment(
    method: string,
    path: string,
    text: string,
    paged: (items: unknown[]) => unknown[],
  ): [number, unknown] {
    const issue = Number(/^issues\/(\d+)\/comments$/.exec(path)?.[1]);
    const list = this.comments[issue] ?? [];
    if (issue && method === "GET") return [200, paged(list)];
    const { body = "" } = text === "" ? {} : (JSON.parse(text) as { body?: string });
    const user = { login: "github-actions[bot]" };
    if (body.length > 65_536) return [422, { message: "Validation Failed" }];
    if (issue && method === "POST") {
      const posted = { id: 1000 + Object.values(this.comments).flat().length, body, user };
      this.comments[issue] = [...list, posted];
      return [201, posted];
    }
    const id = Number(/^issues\/comments\/(\d+)$/.exec(path)?.[1]);
    const own = Object.values(this.comments)
      .flat()
      .find((one) => one.id === id);
    if (method !== "PATCH" || !own) return [404, { message: "Not Found" }];
    own.body = body;
    return [200, own];
  }
}
