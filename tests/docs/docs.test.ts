import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { tierNames } from "../../tiers";
import { images, versions } from "../../versions";
import { onAws, problemsOf } from "../support/settings";

const root = join(__dirname, "..", "..");
const read = (...path: string[]) => readFileSync(join(__dirname, "..", "..", ...path), "utf8");

/** Text between `<!-- name -->` and `<!-- end -->` of a page, without the fence. */
const block = (name: string, page = "README.md") =>
  (new RegExp(`<!-- ${name} -->\\n\`\`\`\\w*\\n([^]*?)\`\`\`\\n<!-- end -->`).exec(read(page))?.[1] ?? "").trim();

/** Every page, the folders below docs/ included. */
const pages = ["README.md", "CHANGELOG.md", ...readdirSync(join(__dirname, "..", "..", "docs"), { recursive: true })]
  .map(String)
  .filter((file) => file.endsWith(".md"))
  .map((file) => (existsSync(join(__dirname, "..", "..", file)) ? file : join("docs", file)));

/** The anchors of a page: its explicit ids, and its headings as GitHub writes them. */
function anchorsOf(page: string): string[] {
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
  return [...headings, ...[...page.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id)];
}

/** Targets of a page's links and pictures that are not on the web. */
const linksOf = (page: string) =>
  [...page.matchAll(/\]\(([^)\s]+)\)|<img src="([^"]+)"/g)]
    .map(([, link, image]) => (link ?? image) as string)
    .filter((link) => !/^https?:/.test(link));

function isBroken(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  const file = join(__dirname, "..", "..", target);
  if (!existsSync(file)) return true;
  return anchor !== undefined && (statSync(file).isDirectory() || !anchorsOf(read(target)).includes(anchor));
}

describe("documentation", () => {
  it("says before a deployment what the budget needs of the account, and how to leave it out", () => {
    for (const [page, link] of [
      ["README.md", "(docs/alarms.md#before-the-first-deployment)"],
      ["docs/deploying.md", "(alarms.md#before-the-first-deployment)"],
      ["docs/deploy-role.md", "(alarms.md#before-the-first-deployment)"],
    ] as const)
      expect(read(page), page).to.contain(link);
    const [, section = ""] = /## Before the first deployment\n([\s\S]*?)\n## /.exec(read("docs/alarms.md")) ?? [];
    expect(section).to.contain("The root user activates").and.to.contain("the account that pays");
    expect(section).to.contain("  tierstack:accountBudgetUsd: 0\n");
    expect(problemsOf({ ...onAws, alertEmail: "ops@example.com", accountBudgetUsd: 0 })).to.deep.equal([]);
  });

  it("links to files and headings that exist", () => {
    const links = pages.flatMap((page) => linksOf(read(page)).map((link) => ({ page, link })));
    expect(links.length).to.be.greaterThan(30);
    expect(links.filter(({ page, link }) => isBroken(page, link))).to.deep.equal([]);
  });

  it("names two commands, and they are scripts of the package", () => {
    expect(block("plan")).to.equal("npm ci && npm run plan");
    expect(block("test")).to.equal("npm ci && npm test");
    expect(JSON.parse(read("package.json")).scripts).to.include.keys("plan", "test");
  });

  for (const tier of ["growth", "scale"]) {
    it(`shows overrides that ${tier} accepts`, () => {
      const config = parse(block("overrides")).config as Record<string, unknown>;
      const keys = Object.keys(config);
      expect(keys.length).to.be.at.least(6);
      const given = Object.fromEntries(keys.map((key) => [key.replace("tierstack:", ""), config[key]]));
      expect(problemsOf({ ...onAws, tier, queues: [{ name: "mail" }], ...given })).to.deep.equal([]);
    });
  }

  it("shows an IAM policy that is accepted", () => {
    const config = parse(block("iam-policy", "docs/application.md")).config as Record<string, object>;
    expect(config["tierstack:app"]).to.have.all.keys("iamPolicy");
    expect(problemsOf({ ...onAws, app: config["tierstack:app"] })).to.deep.equal([]);
  });

  it("names every tier where it lists them", () => {
    for (const page of ["README.md", "docs/deploying.md", "docs/moving.md", "template/Pulumi.yaml"])
      for (const tier of tierNames) expect(read(page), `${tier} in ${page}`).to.match(new RegExp(`\\b${tier}\\b`, "i"));
  });

  it("names files that exist", () => {
    const named = pages
      .filter((page) => page !== "CHANGELOG.md")
      .flatMap((page) =>
        [...read(page).matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|json|sh|cjs|mjs|yaml|md))`/g)].map((match) => [
          page,
          match[1] as string,
        ]),
      );
    // ADR 8 tries a cloud and a store that do not exist.
    const imagined = ["platform/targets/gke.ts", "components/postgres/aurora/store.ts"];
    expect(named.length).to.be.greaterThan(20);
    const missing = named.filter(
      ([page = "", file = ""]) =>
        !imagined.includes(file) && !["", dirname(page), "template"].some((at) => existsSync(join(root, at, file))),
    );
    expect(missing).to.deep.equal([]);
  });

  it("gives a source for every pinned version", () => {
    const page = read("docs", "adr", "0003-versions.md");
    const { rds, rdsNext, elasticache, nodeImage, k3sSha256, metricsServerAddon, ...rest } = versions;
    const tags = Object.values(images).map(({ image }) => image.slice(image.indexOf(":") + 1));
    const pins = [
      ...Object.values(rest),
      nodeImage.name,
      rds.engineVersion,
      rdsNext.engineVersion,
      elasticache.engineVersion,
      k3sSha256.slice(0, 6),
      metricsServerAddon,
      ...tags,
    ];
    expect(pins.filter((pin) => !page.includes(pin))).to.deep.equal([]);
  });
});
