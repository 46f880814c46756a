import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, WorkloadProcess } from "../../support/workload";

/** What the product asks for images and answers. It fails now and then. */
export class Provider {
  private calls = 0;
  private readonly server: Server = createServer(async (request, response) => {
    request.resume();
    // Longer for an image than the users give it: they wait in the queue.
    await sleep((request.url === "/images" ? 350 : 20) + (this.calls % 7) * 15);
    if (++this.calls % 9 === 0) response.statusCode = 503;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ url: "https://images.example/1", answer: "yes" }));
  });

  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

type Request = Parameters<WorkloadProcess["ask"]>[1];

/** Each may ask for ten images a minute. */
const users = 12;

/** Visitors, users and an address that asks for too much, until they are stopped. */
export class Traffic {
  private stopping = false;
  private readonly visitors: Promise<void>[] = [];
  /** Answers by their status. */
  readonly statuses: Record<number, number> = {};
  private requests = 0;

  constructor(private readonly app: WorkloadProcess) {}

  async start(): Promise<void> {
    const tokens: string[] = [];
    for (let user = 0; user < users; user++) {
      const token = await this.app.join(`user-${user}`);
      await this.post("/api/me/credits", token, { amount: 1000 });
      tokens.push(token);
    }
    this.visitors.push(this.every(40, () => this.browse()));
    this.visitors.push(
      this.every(150, () => this.ask("/reference/categories", { headers: { "x-real-ip": "192.0.2.1" } })),
    );
    // As fast as it is answered: it reaches the limit of its address within seconds.
    this.visitors.push(
      this.every(15, () => this.ask("/static/sitemap.json", { headers: { "x-real-ip": "192.0.2.9" } })),
    );
    this.visitors.push(this.every(250, (at) => this.work(tokens[at % tokens.length] as string)));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.visitors);
  }

  private async every(ms: number, visit: (at: number) => Promise<unknown>): Promise<void> {
    for (let at = 0; !this.stopping; at++) {
      await visit(at).catch(() => undefined);
      await sleep(ms);
    }
  }

  private async ask(path: string, options?: Request): Promise<Answer> {
    const answer = await this.app.ask(path, options);
    this.statuses[answer.status] = (this.statuses[answer.status] ?? 0) + 1;
    return answer;
  }

  private post(path: string, token: string, json: object): Promise<Answer> {
    const headers = { "idempotency-key": randomUUID(), "x-real-ip": `198.51.100.${this.requests++ % 200}` };
    return this.ask(path, { method: "POST", token, json, headers });
  }

  /** A page of the catalogue, an item of it, and sometimes one that is not there. */
  private async browse(): Promise<void> {
    const at = this.requests++;
    const headers = { "x-real-ip": `203.0.113.${at % 200}` };
    await this.ask(at % 3 === 0 ? `/items?page=${1 + (at % 4)}` : `/items/${1 + (at % 60)}`, { headers });
    if (at % 20 === 0) await this.ask("/items/999999", { headers });
  }

  private async work(token: string): Promise<void> {
    await this.post("/api/images", token, { prompt: "a bridge" });
    await this.post("/api/chat", token, { message: "Is it well?" });
    await this.ask("/api/me", { token, headers: { "x-real-ip": "198.51.100.201" } });
  }
}
