import { promises as dns } from "node:dns";
import { expect } from "chai";
import { publicDns } from "../../../planner/preflight/dns";

describe("DNS", () => {
  const { resolveCaa, resolveNs } = dns;

  afterEach(() => Object.assign(dns, { resolveCaa, resolveNs }));

  const failing = (code: string) => {
    const fail = async () => {
      throw Object.assign(new Error(code), { code });
    };
    Object.assign(dns, { resolveCaa: fail, resolveNs: fail });
  };

  it("tells a name that does not exist from a name without records", async () => {
    failing("ENOTFOUND");
    expect(await publicDns.caa("nowhere.example")).to.equal(undefined);
    expect(await publicDns.ns("nowhere.example")).to.deep.equal([]);
    failing("ENODATA");
    expect(await publicDns.caa("example.com")).to.deep.equal([]);
    expect(await publicDns.ns("example.com")).to.deep.equal([]);
  });

  it("passes on what else went wrong", async () => {
    failing("ETIMEOUT");
    const failed = await publicDns.caa("example.com").catch((error: Error) => error);
    expect(failed).to.be.an("error").with.property("code", "ETIMEOUT");
  });
});
