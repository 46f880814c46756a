import { expect } from "chai";
import { holds, hostedZone } from "../../../../planner/preflight/checks/hosted-zone";
import { awsError, dnsOf, needs, requestsOf, run } from "../support";

const servers = ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"];
const zone = (Name: string, PrivateZone = false) => ({
  route53: {
    getHostedZone: () => ({
      HostedZone: { Name, Config: { PrivateZone } },
      DelegationSet: { NameServers: servers },
    }),
  },
});
const delegated = dnsOf({}, { "example.com": ["NS-2.awsdns-02.net."] });

describe("hosted zone", () => {
  const given = async (clients: Parameters<typeof run>[2], dns = delegated) => {
    const [found] = await run(hostedZone, await needs("growth"), clients, dns);
    return found?.status === "failed" ? `${found.problem.given}; ${found.problem.fix}` : found;
  };

  it("is fine where it is public, holds the domain and is delegated", async () => {
    const { domain } = await needs("growth");
    expect(await given(zone("example.com."))).to.deep.equal({
      status: "fine",
      text: `${domain?.hostedZoneId} holds ${domain?.name}`,
    });
  });

  it("is asked by its id", async () => {
    const growth = await needs("growth");
    expect(await requestsOf(hostedZone, growth, zone("example.com."), delegated)).to.deep.equal([
      ["route53.getHostedZone", { Id: growth.domain?.hostedZoneId }],
    ]);
  });

  it("fails where it is missing, private, of another domain or not delegated", async () => {
    const id = (await needs("growth")).domain?.hostedZoneId;
    const correct = "set hostedZoneId to the id that aws route53 list-hosted-zones shows for the domain";
    const missing = {
      route53: {
        getHostedZone: () => {
          throw awsError("NoSuchHostedZone", "No hosted zone found");
        },
      },
    };
    expect(await given(missing)).to.equal(`${id}, which this account does not have; ${correct}`);
    expect(await given(zone("example.com.", true))).to.equal(`${id}, a private zone; ${correct}`);
    expect(await given(zone("ample.com."))).to.equal(`${id}, the zone of ample.com; ${correct}`);
    const enter = `enter its name servers at the registrar of example.com: ${servers.join(", ")}`;
    expect(await given(zone("example.com."), dnsOf())).to.equal(`${id}, but example.com is not delegated; ${enter}`);
    const elsewhere = dnsOf({}, { "example.com": ["ns.registrar.example"] });
    expect(await given(zone("example.com."), elsewhere)).to.equal(
      `${id}, to which example.com is not delegated; ${enter}`,
    );
  });

  it("passes other errors of AWS on", async () => {
    const denied = {
      route53: {
        getHostedZone: () => {
          throw awsError("AccessDenied", "no");
        },
      },
    };
    let name = "";
    await given(denied).catch((error: Error) => {
      name = error.name;
    });
    expect(name).to.equal("AccessDenied");
  });

  it("holds its own name and those below", () => {
    expect(holds("example.com.", "example.com")).to.equal(true);
    expect(holds("Example.com", "a.b.example.com")).to.equal(true);
    expect(holds("example.com", "badexample.com")).to.equal(false);
  });
});
