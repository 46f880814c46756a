import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { isPrivate, targetOf, unreachable } from "../../../planner/load/target";
import { formatProblem } from "../../../tiers/problem";

describe("the target of a load test", () => {
  it("is an origin and a path", () => {
    expect(targetOf("https://a.example:8443/v1/", { x: "y" })).to.deep.equal({
      target: { origin: "https://a.example:8443", base: "/v1", headers: { x: "y" } },
      problems: [],
    });
  });

  it("is refused where it is none, or would show a secret, which the message does not", () => {
    const fix = "fix: write an address such as https://app.example.com";
    const problem = (url: string) => targetOf(url, {}).problems.map(formatProblem);
    const http = `allowed: an address with https:// or http://; ${fix}`;
    expect(problem("ftp://a.example")).to.deep.equal([`URL: given ftp://a.example; ${http}`]);
    expect(problem("http://")).to.deep.equal([`URL: given http://; ${http}`]);
    expect(problem("https://me:hunter2@a.example/")).to.deep.equal([
      `URL: given https://[secret]@a.example/; allowed: an address without a user and a password: use --header for what authorises you; ${fix}`,
    ]);
    expect(problem("https://a.example/?token=hunter2")).to.deep.equal([
      `URL: given https://a.example/; allowed: an address without a query: the scenario's steps have paths of their own; ${fix}`,
    ]);
  });

  it("needs no confirmation on this computer and in a private network", () => {
    const [inside, outside] = [
      [
        "localhost",
        "a.localhost",
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.9.9",
        "192.168.0.1",
        "[::1]",
        "[fd00::1]",
      ],
      [
        "example.com",
        "127.0.0.1.example.com",
        "10.example.com",
        "172.32.0.1",
        "192.169.0.1",
        "8.8.8.8",
        "[2001:db8::1]",
        "fd.example",
      ],
    ];
    for (const host of inside ?? []) expect(isPrivate(`http://${host}`), host).to.equal(true);
    for (const host of outside ?? []) expect(isPrivate(`http://${host}`), host).to.equal(false);
  });

  it("must answer once before the load, with any status, and gets the headers", async () => {
    const seen: unknown[] = [];
    const server = createServer(({ url, headers }, answer) => {
      seen.push([url, headers["x-test"]]);
      answer.statusCode = 503;
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const target = { origin, base: "/v1", headers: { "x-test": "1" } };
    expect(await unreachable(target)).to.equal(undefined);
    expect(seen).to.deep.equal([["/v1/", "1"]]);
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    expect(await unreachable(target)).to.deep.equal({
      where: "URL",
      given: `${origin}: ECONNREFUSED`,
      allowed: "a server that answers",
      fix: "check the address, and that the server runs",
    });
  });
});
