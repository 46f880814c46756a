/** Does what an operator asks for: `node workload/operate.ts REQUEST`. The answer is a line of JSON. `npm run ops` runs it in a pod. */
import { loadConfig, start } from "./config";
import { operate, readRequest } from "./operate/operate";

void start(async () => {
  const request = readRequest(process.argv.slice(2));
  const config = loadConfig(process.env);
  try {
    process.stdout.write(`${JSON.stringify(await operate(config, request))}\n`);
  } catch (error) {
    process.stderr.write(
      `operate: ${(error as Error).message.split("\n")[0]}; fix: run it again once the stores answer\n`,
    );
    process.exitCode = 1;
  }
});
