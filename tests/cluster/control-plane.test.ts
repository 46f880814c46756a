import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { versions } from "../../versions";
import { type ControlPlane, startControlPlane } from "./control-plane/control-plane";
import { Servers, until } from "./control-plane/servers";
import { pinnedVersion } from "./tools/go";

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("control plane", () => {
  before(function () {
    if (process.env.KUBECONFIG_TEST) this.skip();
  });

  it("has the Kubernetes version that EKS and k3s are pinned to", async () => {
    const plane = await startControlPlane({ pods: false });
    try {
      const { body } = await plane.api.ask<{ gitVersion: string }>("/version");
      expect(body.gitVersion).to.equal(`v${pinnedVersion("control-plane", "k8s.io/kubernetes")}`);
      expect(body.gitVersion.startsWith(`v${versions.kubernetes}.`)).to.equal(true);
      expect(versions.k3s.startsWith(`${body.gitVersion}+`)).to.equal(true);
      process.stdout.write(`      Kubernetes ${body.gitVersion}\n`);
    } finally {
      await plane.stop();
    }
  });

  it("runs next to another one in isolation", async () => {
    const planes: ControlPlane[] = [];
    try {
      planes.push(...(await Promise.all([1, 2].map(() => startControlPlane({ pods: false })))));
      const [one, other] = planes as [ControlPlane, ControlPlane];
      expect(one.api.server).to.not.equal(other.api.server);
      for (const { api } of planes) expect(new URL(api.server).hostname).to.equal("127.0.0.1");
      const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: "mine" } };
      await one.api.apply(object);
      expect(await other.api.find(object)).to.equal(undefined);
    } finally {
      for (const plane of planes) await plane.stop();
    }
  });

  it("starts a server again that ends by itself, as often as it is told, and then tells of its end", async () => {
    const servers = new Servers();
    try {
      servers.start("brief", "sh", ["-c", "echo begun; exit 7"], { restarts: 2 });
      const ended = () => {
        try {
          return servers.check();
        } catch (error) {
          return (error as Error).message;
        }
      };
      expect(await until("its end", ended, { every: 20 })).to.equal("brief exited with 7:\nbegun\nbegun\nbegun\n");
    } finally {
      await servers.stop();
    }
  });

  it("exits and leaves no files when the test that started it is killed", async () => {
    const script = join(__dirname, "control-plane", "started.ts");
    // Its stdin is a pipe from this process, so it exits with this process even if the test fails.
    const test = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["pipe", "pipe", "inherit"] });
    const line = await new Promise<string>((resolve, reject) => {
      test.once("exit", (code) => reject(new Error(`it exited with ${code}`)));
      createInterface({ input: test.stdout }).once("line", resolve);
    });
    const { folder, pids } = JSON.parse(line) as { folder: string; pids: number[] };
    try {
      expect(pids.length).to.equal(5);
      expect(pids.filter((pid) => !alive(pid))).to.deep.equal([]);
    } finally {
      test.kill("SIGKILL");
    }
    await until("the end of its servers", () => pids.every((pid) => !alive(pid)) || undefined, { seconds: 30 });
    await until("the end of its folder", () => !existsSync(folder) || undefined, { seconds: 30 });
  });
});
