import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

describe("the schemas of npm test", () => {
  it("are those of the pinned Kubernetes and of the CRDs", function () {
    // Seconds where the control plane has been built, minutes where nothing is cached.
    this.timeout(900_000);
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "scripts/kubernetes-schemas.ts", "--check"],
      { cwd: join(__dirname, "..", ".."), encoding: "utf8" },
    );
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
  });
});
