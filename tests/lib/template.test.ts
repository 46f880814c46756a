import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { settingsSchema } from "../../config/schema";

const root = join(__dirname, "..", "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

describe("the template", () => {
  it("depends on this version, and on the SDKs that it is tested with", () => {
    const own = JSON.parse(read("package.json"));
    const template = JSON.parse(read("template/package.json"));
    const { tierstack, tsx, ...sdks } = template.dependencies;
    expect({ tierstack, tsx }).to.deep.equal({ tierstack: own.version, tsx: own.dependencies.tsx });
    expect(Object.keys(sdks)).to.deep.equal(Object.keys(own.peerDependencies));
    for (const [name, version] of Object.entries({ ...sdks, ...template.devDependencies }))
      expect(own.devDependencies[name], name).to.equal(version);
    for (const [name, range] of Object.entries(own.peerDependencies))
      expect(range, name).to.equal(`~${own.devDependencies[name]}`);
  });

  it("runs its program as this repository does, and asks for settings that there are", () => {
    const own = parse(read("Pulumi.yaml"));
    const template = parse(read("template/Pulumi.yaml"));
    expect(template.main).to.equal(own.main);
    expect(template.runtime).to.deep.equal(own.runtime);
    for (const key of Object.keys(template.template.config)) expect(settingsSchema.shape).to.have.property(key);
    const required = Object.entries(template.template.config as Record<string, { default?: string }>)
      .filter(([, value]) => value.default === undefined)
      .map(([key]) => key);
    expect(required).to.deep.equal(["image", "apiAccessCidrs"]);
  });
});
