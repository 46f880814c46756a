import { expect } from "chai";
import { claimSpec, statefulSetSpec } from "../../../../components/redis/cluster/pod";
import { sizeOf } from "../support";

const size = sizeOf("cluster").cluster;
// biome-ignore lint/suspicious/noExplicitAny: a test reads into the spec
const spec: any = statefulSetSpec({ size, config: "config", secret: "secret", claim: "claim", checksum: "sum" });

describe("Valkey's pod", () => {
  const [valkey] = spec.template.spec.containers;

  it("has five minutes to load its data, and is not restarted for one failed probe", () => {
    const probe = (check: string, periodSeconds: number, failureThreshold: number) => ({
      exec: { command: ["sh", "/etc/valkey/config/valkey.sh", check] },
      periodSeconds,
      failureThreshold,
      timeoutSeconds: 5,
    });
    expect(valkey.startupProbe).to.deep.equal(probe("ready", 5, 60));
    expect(valkey.readinessProbe).to.deep.equal(probe("ready", 10, 3));
    expect(valkey.livenessProbe).to.deep.equal(probe("live", 20, 3));
  });

  it("names the port that the Service targets", () => {
    expect(valkey.name).to.equal("valkey");
    expect(valkey.ports).to.deep.equal([{ name: "redis", containerPort: 6379 }]);
  });

  it("sets no storage class by default", () => {
    expect(claimSpec(size, undefined)).not.to.have.property("storageClassName");
  });
});
