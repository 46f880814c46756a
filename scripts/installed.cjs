// Runs before the commands that need a TypeScript loader, which is a package itself: without packages Node would end with a
// stack trace.
try {
  require.resolve("tsx/package.json");
} catch {
  console.error("node_modules: given no packages; allowed: those of package-lock.json; fix: run npm ci");
  process.exitCode = 2;
}
