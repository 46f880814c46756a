import { expect } from "chai";
import { subnetsOf } from "../../components/network/subnets";
import { defaultText, infoOf } from "../../config/fields";
import { overrides } from "../../config/overrides";
import { onAws, settingsOf } from "../support/settings";

const fields = Object.entries(overrides).flatMap(([component, schema]) =>
  Object.entries(schema.unwrap().shape).map(([key, field]) => ({ path: `${component}.${key}`, field })),
);

describe("overrides", () => {
  it("are all optional", () => {
    for (const { path, field } of fields) expect(field.safeParse(undefined).success, path).to.equal(true);
  });

  it("default to the tier's value, except where it is computed, the network, the mail server, its heartbeat and the identity of an RDS instance", () => {
    const others = fields
      .map(({ path, field }) => [path, defaultText(field)])
      .filter(([, text]) => text !== "the tier's");
    expect(Object.fromEntries(others)).to.deep.equal({
      "keep.nodeState": "false",
      "network.cidr": "10.20.0.0/16",
      "network.zones": "the region's first three (config/regions.ts)",
      "observability.logsGiB": "no logs are kept",
      "observability.mail": "none",
      "observability.heartbeatUrl": "an alarm of AWS on EKS, nobody elsewhere",
      "pgbouncer.poolSize": "computed from max_connections",
      "postgres.generation": "1",
      "postgres.kmsKeyArn": "the stack's kmsKeyArn",
      "postgres.majorVersion": "17 (versions.ts)",
      "postgres.previous": "none",
      "redis.multiAz": "whether there are replicas",
    });
  });

  it("have a default network that the subnets are made of", () => {
    const { cidr } = settingsOf(onAws).network;
    expect(subnetsOf(cidr, ["a", "b", "c"])).to.have.length(3);
    expect(infoOf(overrides.network.unwrap().shape.cidr)?.allowed).to.contain(cidr);
  });
});
