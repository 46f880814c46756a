/**
 * Runs the servers of one control plane and outlives the test that started them. When the test's end of the pipe
 * closes, it stops the servers and removes their folder.
 *
 * Reads commands as JSON lines: {start: {name, command, args, log}} or {kill: {name, signal}}. Writes
 * {started: {name, pid}} for a started server, and {exited: {name, code}} for one that exited.
 */
const { spawn } = require("node:child_process");
const { openSync, rmSync } = require("node:fs");
const { createInterface } = require("node:readline");

const folder = process.argv[2];
/** Grace period of a server, in seconds. */
const patience = 5;
/** @type {Map<string, import("node:child_process").ChildProcess>} */
const running = new Map();

/** @param {object} message */
function tell(message) {
  // The test may have exited already.
  if (process.stdout.writable) process.stdout.write(`${JSON.stringify(message)}\n`, () => {});
}

/** @param {{name: string, command: string, args: string[], log: string}} order */
function start({ name, command, args, log }) {
  const output = openSync(log, "a");
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", output, output] });
  running.set(name, child);
  tell({ started: { name, pid: child.pid } });
  const ended = (/** @type {number | string | null} */ code) => {
    if (running.get(name) === child) running.delete(name);
    tell({ exited: { name, code } });
  };
  child.on("error", (error) => ended(error.message));
  child.on("exit", (code, signal) => ended(code ?? signal));
}

/** @param {Record<string, any>} order */
function follow({ start: started, kill }) {
  if (started) start(started);
  if (kill) running.get(kill.name)?.kill(kill.signal);
}

/** Stops clients first: a server without its API server or store would wait for it during shutdown. */
async function end() {
  for (const child of [...running.values()].reverse()) {
    const gone = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), patience * 1000);
    await gone;
    clearTimeout(timer);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

process.stdout.on("error", () => {});
const orders = createInterface({ input: process.stdin });
orders.on("line", (line) => follow(JSON.parse(line)));
orders.on("close", () => void end());
