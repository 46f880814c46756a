import type * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { requestsInFlight } from "../../components/app/gateway";
import { gatewaySize } from "../../tiers/capacity";
import { MemoryCgroup } from "./support/cgroup";
import { application, Gateway, healthPath, large, missingTools } from "./support/gateway";

/** Fills the gateway with slow downloads, in the memory that its container has. */
describe("gateway under slow downloads", () => {
  let app: http.Server;
  let cgroup: MemoryCgroup | undefined;
  let gateway: Gateway;

  before(async function () {
    cgroup = missingTools() === undefined ? MemoryCgroup.create(gatewaySize.memoryMiB) : undefined;
    if (!cgroup) {
      console.log(`      ${missingTools() ?? MemoryCgroup.missing}`);
      return this.skip();
    }
    app = application().listen(0, "127.0.0.1");
    await new Promise((resolve) => app.once("listening", resolve));
    const { port } = app.address() as AddressInfo;
    gateway = await Gateway.start(
      { port, healthPath, verifyOrigin: false, cloudFront: true, maintenance: false },
      cgroup,
    );
  });

  after(async () => {
    app?.closeAllConnections();
    app?.close();
    await gateway?.stop();
    await cgroup?.remove();
  });

  /** Begins a download over TLS, and stops reading after the headers. */
  function begin(): Promise<http.IncomingMessage> {
    const { httpsPort: port } = gateway;
    return new Promise((resolve, reject) => {
      https
        .get({ host: "127.0.0.1", port, path: "/large", agent: false, rejectUnauthorized: false }, resolve)
        .on("error", reject);
    });
  }

  /** Reads the rest. Returns the bytes received. */
  async function finish(download: http.IncomingMessage): Promise<number> {
    let bytes = 0;
    for await (const part of download) bytes += part.length;
    return bytes;
  }

  it(`serves ${requestsInFlight} at a time whole, and stays within its memory`, async () => {
    const downloads = await Promise.all(Array.from({ length: requestsInFlight }, begin));
    // Long enough to fill every buffer on the way.
    await sleep(3000);
    const sizes = await Promise.all(downloads.map(finish));
    expect(new Set(sizes)).to.deep.equal(new Set([large.length]));
    expect(cgroup?.kills, `killed; ${cgroup?.peakMiB.toFixed(1)} MiB`).to.equal(0);
    expect(cgroup?.peakMiB, "a fifth of the memory is left").to.be.below(gatewaySize.memoryMiB * 0.8);
  }).timeout(300_000);
});
