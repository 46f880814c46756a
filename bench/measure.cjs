// Loaded before a measured program: at its end, writes the peak memory of the process (KiB) to the file it is told.
const { writeFileSync } = require("node:fs");
process.on("exit", () => {
  writeFileSync(process.env.BENCH_MEMORY_FILE, String(process.resourceUsage().maxRSS));
});
