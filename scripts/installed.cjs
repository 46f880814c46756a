// Runs before the commands that need packages: without them, Node would end with a stack trace.
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { dependencies = {}, peerDependencies = {} } = require("../package.json");

const isInstalled = (name) => require.resolve.paths(name).some((folder) => existsSync(join(folder, name)));
const needed = Object.keys({ ...dependencies, ...peerDependencies });
const missing = needed.filter((name) => !isInstalled(name));
if (missing.length > 0) {
  const given = missing.length === needed.length ? "no packages" : `no ${missing.join(", ")}`;
  console.error(`node_modules: given ${given}; allowed: those of package-lock.json; fix: run npm ci`);
  process.exitCode = 2;
}
