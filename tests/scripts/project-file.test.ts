import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { projectFile } from "../../scripts/project-file";
import { underTestName } from "../support/project";

const committed = readFileSync(join(__dirname, "..", "..", "Pulumi.yaml"), "utf8");

describe("Pulumi.yaml", () => {
  it("keeps the name and the description of a product, with every key in its namespace", () => {
    const { name, description, config } = parse(
      projectFile({ name: "shop", description: "The shop: all of it # really" }),
    );
    expect({ name, description }).to.deep.equal({ name: "shop", description: "The shop: all of it # really" });
    expect(Object.keys(config)).to.have.length.greaterThan(10);
    for (const key of Object.keys(config)) expect(key).to.match(/^shop:\w+$/);
    expect(config["shop:app"]).to.equal(undefined);
  });

  it("gives each default the type that it declares, or Pulumi refuses the project", () => {
    const { config } = parse(projectFile({ name: "shop", description: "The shop" })) as {
      config: Record<string, { type: string; default: unknown }>;
    };
    const typeOf = (value: unknown) =>
      Number.isInteger(value) ? "integer" : Array.isArray(value) ? "array" : typeof value;
    for (const [key, declared] of Object.entries(config)) expect(typeOf(declared.default), key).to.equal(declared.type);
  });

  it("names the product's own keys wherever it names one", () => {
    const text = projectFile({ name: "shop", description: "The shop" });
    expect(text).to.not.contain("tierstack:");
    expect(text).to.contain("#   shop:queues - ");
  });

  it("gives each key a default of its type, without which the Pulumi CLI refuses the file", () => {
    const { config } = parse(committed) as { config: Record<string, { type: string; default: unknown }> };
    const typeOf = (value: unknown) =>
      Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
    for (const [key, { type, default: given }] of Object.entries(config)) expect(typeOf(given), key).to.equal(type);
  });

  it("is the committed one, whatever the project is called", () => {
    const { name, description } = parse(committed);
    expect(projectFile({ name, description })).to.equal(committed);
    const other = projectFile({ name: "shop", description });
    expect(underTestName(other, "shop")).to.equal(projectFile({ name: "tierstack", description }));
  });
});
