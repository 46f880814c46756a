import { commentLimit } from "../../planner/views/markdown";

/** Comments and the like that a page of a list has: the most that GitHub gives. */
const perPage = 100;

/** Largest answer that is read, in bytes: a page of comments, whose characters have at most 4 bytes each. */
const largestAnswer = perPage * 4 * commentLimit;

/** How long an answer may take, in milliseconds. */
const longestAnswer = 60_000;

/** Where a token is used: the API, one repository, and who the token is. */
export interface Access {
  api: string;
  repository: string;
  token: string;
}

/** GitHub refused a request. */
export class GitHubError extends Error {
  constructor(
    what: string,
    readonly status: number,
  ) {
    super(`GitHub answered ${status} to ${what}`);
  }
}

async function bytesOf(response: Response): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > largestAnswer) throw new Error("GitHub's answer is too large");
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts);
}

/** GitHub's REST API for one repository. */
export class GitHub {
  constructor(private readonly access: Access) {}

  /** @param path  below the repository */
  async json<T>(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<T> {
    return JSON.parse((await this.bytes(method, path, body)).toString("utf8")) as T;
  }

  /** The content behind a path. A redirect goes to another host, which must not see the token: `fetch` drops it there. */
  async bytes(method: string, path: string, body?: object): Promise<Buffer> {
    const response = await fetch(`${this.access.api}/repos/${this.access.repository}/${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.access.token}`,
        "x-github-api-version": "2022-11-28",
        ...(body && { "content-type": "application/json" }),
      },
      signal: AbortSignal.timeout(longestAnswer),
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new GitHubError(`${method} ${path.split("?")[0]}`, response.status);
    return bytesOf(response);
  }

  /** Every page of a list. A list ends with a page that is not full. */
  async list<T>(path: string, itemsOf: (page: unknown) => T[] = (page) => page as T[]): Promise<T[]> {
    const all: T[] = [];
    for (let page = 1; ; page++) {
      const query = `${path.includes("?") ? "&" : "?"}per_page=${perPage}&page=${page}`;
      const items = itemsOf(await this.json("GET", path + query));
      all.push(...items);
      if (items.length < perPage) return all;
    }
  }
}
