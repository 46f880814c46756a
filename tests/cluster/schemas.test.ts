import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

describe("schemas of npm test", () => {
  it("match the pinned Kubernetes and the CRDs", function () {
    // Takes seconds if the control plane is built, minutes without a cache.
    this.timeout(900_000);
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "scripts/kubernetes-schemas.ts", "--check"],
      { cwd: join(__dirname, "..", ".."), encoding: "utf8" },
    );
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
  });
});
