import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { stacks } from "../support/objects";
import { exceptions } from "./checks/exceptions";
import { conformProblems, isMeant, linterFindings, linterProblems } from "./checks/manifests";
import { buildTools } from "./tools/build";

const root = join(__dirname, "..", "..");

/** Runs the command as a user would. Returns its output. */
const plan = (stack: string, folder: string): string =>
  execFileSync(process.execPath, ["--import", "tsx", "planner/cli/main.ts", "plan", stack, "--manifests", folder], {
    cwd: root,
    encoding: "utf8",
  });

describe("npm run plan -- STACK --manifests DIR", function () {
  this.timeout(120_000);
  const written = new Map<string, string>();
  let top: string;

  before(async function () {
    this.timeout(600_000);
    await buildTools("manifests");
    top = mkdtempSync(join(tmpdir(), "tierstack-manifests-"));
    for (const stack of stacks()) written.set(stack, plan(stack, join(top, stack)));
  });

  after(() => rmSync(top, { recursive: true, force: true }));

  for (const stack of stacks()) {
    it(`${stack}: writes the reported number of files, and kubeconform accepts every one`, async () => {
      const files = readdirSync(join(top, stack));
      expect(written.get(stack)).to.match(new RegExp(`^${files.length} Kubernetes objects of ${stack} written to `));
      expect(await conformProblems(join(top, stack))).to.deep.equal([]);
    });

    it(`${stack}: kube-score finds only documented exceptions`, async () => {
      expect(await linterProblems(join(top, stack), stack)).to.deep.equal([]);
    });
  }

  it("has no stale exceptions", async () => {
    const unused = new Set(exceptions);
    for (const stack of stacks())
      for (const finding of await linterFindings(join(top, stack)))
        for (const exception of unused) if (isMeant(exception, finding, stack)) unused.delete(exception);
    expect([...unused]).to.deep.equal([]);
  });

  describe("with a fault", () => {
    let folder: string;
    const file = (name: string) => join(folder, name);

    beforeEach(() => {
      folder = mkdtempSync(join(top, "faulty-"));
      cpSync(join(top, "growth"), folder, { recursive: true });
    });

    // biome-ignore lint/suspicious/noExplicitAny: a manifest of any kind
    const change = (name: string, edit: (object: any) => void) => {
      const object = parse(readFileSync(file(name), "utf8"));
      edit(object);
      writeFileSync(file(name), stringify(object));
    };

    it("kubeconform reports a misspelt field", async () => {
      change("app-deployment.yaml", ({ spec }) => {
        spec.template.spec.containers[0].imagePullPolice = "Always";
      });
      expect(await conformProblems(folder)).to.deep.equal([
        "app-deployment.yaml: /spec/template/spec/containers/0: additional properties 'imagePullPolice' not allowed",
      ]);
    });

    it("kubeconform reports a kind without a schema", async () => {
      change("app-service.yaml", (service) => {
        service.apiVersion = "v2";
      });
      expect(await conformProblems(folder)).to.deep.equal(["app-service.yaml: could not find schema for Service"]);
    });

    it("kubeconform reports a duplicate key", async () => {
      writeFileSync(file("app-service.yaml"), `${readFileSync(file("app-service.yaml"), "utf8")}kind: Service\n`);
      expect((await conformProblems(folder)).join("\n")).to.match(
        /^app-service\.yaml: .*key "kind" already set in map$/,
      );
    });

    it("reports a file with two objects", async () => {
      const service = readFileSync(file("app-service.yaml"), "utf8");
      writeFileSync(file("app-service.yaml"), `${service}---\n${service}`);
      const files = readdirSync(folder).length;
      expect(await conformProblems(folder)).to.deep.equal([`${files + 1} objects checked in ${files} files`]);
    });

    it("kube-score reports a privileged container", async () => {
      change("app-deployment.yaml", ({ spec }) => {
        spec.template.spec.containers[0].securityContext.privileged = true;
      });
      expect(await linterProblems(folder, "growth")).to.deep.equal([
        "Deployment/app/app: (app) The container is privileged [container-security-context-privileged]",
      ]);
    });

    it("kube-score reports an autoscaler with a minimum of one replica on several nodes", async () => {
      change("app-autoscaler.yaml", ({ spec }) => {
        spec.minReplicas = 1;
      });
      expect(await linterProblems(folder, "growth")).to.deep.equal([
        "HorizontalPodAutoscaler/app/app: HPA few replicas [horizontalpodautoscaler-replicas]",
      ]);
    });
  });
});
