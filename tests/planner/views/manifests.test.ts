import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { PlannedResource } from "../../../planner/record/planned";
import type { Recording } from "../../../planner/record/record";
import { Secret } from "../../../planner/record/values";
import { manifestFiles, notRendered, writeManifests } from "../../../planner/views/manifests";
import { resource } from "./support";

describe("manifests", () => {
  const object = (name: string, inputs: Record<string, unknown>) =>
    resource(`shop/app/${name}`, "kubernetes:core/v1:Secret", { apiVersion: "v1", kind: "Secret", ...inputs });
  const recording = (resources: PlannedResource[]): Recording => ({
    project: "shop",
    stack: "growth",
    resources,
    lookUps: [],
    outputs: {},
    problems: [],
  });
  const secret = object("env", { metadata: { name: "env" }, data: new Secret({ URL: "cGc6Ly9wdw==" }) });
  const chart = resource("shop/keda/release", "kubernetes:helm.sh/v3:Release", { chart: "keda" });

  it("shows a Secret's keys and none of its values", () => {
    const text = manifestFiles(recording([secret])).get("app-env.yaml") as string;
    expect(text.split("\n").slice(1).join("\n")).to.equal(
      "# [secret] stands for a value that only a deployment knows: do not apply this file as it is.\n" +
        'apiVersion: v1\nkind: Secret\nmetadata:\n  name: env\nstringData:\n  URL: "[secret]"\n',
    );
  });

  it("warns in no file without a secret", () => {
    expect(manifestFiles(recording([object("plain", {})])).get("app-plain.yaml")).not.to.contain("[secret]");
  });

  it("overwrites no file of the user's, and then writes nothing", () => {
    const folder = mkdtempSync(join(tmpdir(), "tierstack-manifests-"));
    try {
      writeFileSync(join(folder, "app-env.yaml"), "kind: Mine\n");
      expect(() => writeManifests(recording([secret, object("other", {})]), folder)).to.throw(
        `--manifests: given ${join(folder, "app-env.yaml")}, which tierstack has not written; allowed: a folder without a ` +
          "file of that name; fix: move the file, or choose another folder",
      );
      expect(readdirSync(folder)).to.deep.equal(["app-env.yaml"]);
      expect(readFileSync(join(folder, "app-env.yaml"), "utf8")).to.equal("kind: Mine\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("has a file for each object, whatever its path", () => {
    const kind = { apiVersion: "v1", kind: "ConfigMap" };
    const paths = ["own", "shop/own", "shop/app/own (kubernetes:core.v1:ConfigMap)"];
    const objects = paths.map((path) => resource(path, "kubernetes:core/v1:ConfigMap", kind));
    expect([...manifestFiles(recording(objects)).keys()]).to.deep.equal([
      "own.yaml",
      "shop-own.yaml",
      "app-own-kubernetes-core.v1-ConfigMap.yaml",
    ]);
  });

  it("leaves out what is no object, and says so", () => {
    expect([...manifestFiles(recording([secret, chart])).keys()]).to.deep.equal(["app-env.yaml"]);
    expect(notRendered(recording([secret, chart]))).to.deep.equal(["shop/keda/release"]);
  });

  it("replaces its own files and leaves those of others", () => {
    const folder = mkdtempSync(join(tmpdir(), "tierstack-manifests-"));
    try {
      writeFileSync(join(folder, "mine.yaml"), "kind: Mine\n");
      expect(writeManifests(recording([secret, object("old", {})]), folder)).to.equal(2);
      expect(writeManifests(recording([secret]), folder)).to.equal(1);
      expect(readdirSync(folder).sort()).to.deep.equal(["app-env.yaml", "mine.yaml"]);
      expect(readFileSync(join(folder, "mine.yaml"), "utf8")).to.equal("kind: Mine\n");
      expect(() => writeManifests(recording([secret]), join(folder, "mine.yaml"))).to.throw(
        /^--manifests: given .*mine\.yaml \(ENOTDIR\); allowed: a folder that can be written, or a name that does not exist; fix: choose another$/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
