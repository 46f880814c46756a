// Preloaded into the measured program. On exit, writes the peak memory of the process (KiB) to BENCH_MEMORY_FILE.
const { writeFileSync } = require("node:fs");
process.on("exit", () => {
  writeFileSync(process.env.BENCH_MEMORY_FILE, String(process.resourceUsage().maxRSS));
});
