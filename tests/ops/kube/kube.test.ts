import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { expect } from "chai";
import { ApiServer } from "../../../ops/kube/kube";

describe("an API server that is busy", () => {
  let server: Server;
  let kube: ApiServer;
  /** What it answers next: how long to wait, or nothing for an answer. */
  let refusals: (string | undefined)[] = [];
  let asked = 0;
  let status = 429;
  let date: string | undefined;

  before((done) => {
    server = createServer((_, response) => {
      asked++;
      const busy = refusals.length > 0;
      const again = refusals.shift();
      if (again !== undefined) response.setHeader("retry-after", again);
      response.sendDate = false;
      if (date !== undefined) response.setHeader("date", date);
      response.statusCode = busy ? status : 200;
      response.end(JSON.stringify(busy ? { message: "storage is (re)initializing" } : { items: [1] }));
    }).listen(0, "127.0.0.1", () => {
      const config = new KubeConfig();
      const { port } = server.address() as AddressInfo;
      config.loadFromClusterAndUser(
        { name: "c", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
        { name: "u" },
      );
      kube = new ApiServer(config);
      done();
    });
  });

  after(() => server.close());

  it("is asked again where it says when", async () => {
    refusals = ["1"];
    asked = 0;
    expect(await kube.list("/things")).to.deep.equal([1]);
    expect(asked).to.equal(2);
  });

  it("is not asked again for another error: the request may have been done", async () => {
    [refusals, asked, status] = [["1"], 0, 503];
    const answer = kube.list("/things").catch((error: Error) => error.message);
    expect(await answer.finally(() => (status = 429))).to.equal("storage is (re)initializing");
    expect(asked).to.equal(1);
  });

  it("says what time it is, also where it refuses", async () => {
    [refusals, date] = [[undefined], "Sat, 29 Feb 2020 12:00:00 GMT"];
    expect(await kube.nowMs()).to.equal(Date.parse("2020-02-29T12:00:00Z"));
    date = undefined;
    const answer = await kube.nowMs().catch((error: Error) => error.message);
    expect(answer).to.equal("Kubernetes API: an answer without the header Date");
  });

  it("is not asked again where it does not: a disruption budget refuses so", async () => {
    refusals = [undefined];
    asked = 0;
    expect(await kube.list("/things").catch((error: Error) => error.message)).to.equal("storage is (re)initializing");
    expect(asked).to.equal(1);
  });
});
