import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { emptyFolder, npmInstall, pack, packed, root, run, succeed } from "./support";

const nextVersion = "0.2.0";

/** The next release: the same files with another version and one other pin. */
function nextRelease(project: string, pin: RegExp, to: string): string {
  const folder = emptyFolder("next");
  succeed(folder, "cp", "-a", `${join(project, "node_modules", "tierstack")}/.`, folder);
  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(join(folder, file), change(readFileSync(join(folder, file), "utf8")));
  edit("package.json", (text) => JSON.stringify({ ...JSON.parse(text), version: nextVersion }));
  edit(join("dist", "versions.js"), (text) => {
    expect(text).to.match(pin);
    return text.replace(pin, to);
  });
  return pack(folder, "--ignore-scripts");
}

/** The commands of the guide, a line each. */
function documentedCommands(): string[] {
  const page = readFileSync(join(root, "docs", "library.md"), "utf8");
  const [, block = ""] = /<!-- upgrade -->\n```\n([\s\S]*?)```\n<!-- end -->/.exec(page) ?? [];
  return block
    .split("\n")
    .map((line) => line.replace(/ +#.*$/, ""))
    .filter((line) => line !== "");
}

describe("an upgrade", () => {
  it("shows exactly what the release changes, by the commands of the guide", () => {
    const { project } = packed();
    const tarball = nextRelease(project, /valkey\/valkey:[\d.]+/, "valkey/valkey:9.9.9");
    const folder = emptyFolder("upgrade");
    // Hard links: npm replaces a package, it does not write into its files.
    succeed(folder, "cp", "-al", `${project}/.`, folder);
    const own = readFileSync(join(folder, "resources.ts"), "utf8");

    const commands = documentedCommands();
    const results = commands.map((command) =>
      run(folder, "sh", "-c", command.replace("tierstack@latest", `${tarball} ${npmInstall.slice(1).join(" ")}`)),
    );
    // The last is diff, which ends with 1 where it finds a difference.
    expect(
      results.map(({ code }) => code),
      results.map(({ stderr }) => stderr).join("\n"),
    ).to.deep.equal([0, 0, 0, 0, 1]);
    expect(JSON.parse(succeed(folder, "npm", "ls", "tierstack", "--json")).dependencies.tierstack.version).to.equal(
      nextVersion,
    );
    const changed = results[4]?.stdout.split("\n").filter((line) => /^[<>+-] /.test(line)) ?? [];
    expect(changed.map((line) => line.replace(/\s+/g, " "))).to.deep.equal([
      '< "image": "docker.io/valkey/valkey:8.1.9",',
      '> "image": "docker.io/valkey/valkey:9.9.9",',
    ]);
    expect(results[2]?.stdout).to.match(/^mvp -> mvp {2}1 update\n/);
    expect(results[2]?.stdout).to.contain("tierstack/redis/");
    expect(readFileSync(join(folder, "resources.ts"), "utf8")).to.equal(own);
  });
});
