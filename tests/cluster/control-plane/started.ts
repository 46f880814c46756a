/** Starts a control plane, prints its folder and process IDs, and waits to be killed. For the test of that case. */
import { startControlPlane } from "./control-plane";

void startControlPlane().then(async (plane) => {
  process.stdout.write(`${JSON.stringify({ folder: plane.folder, pids: await plane.pids() })}\n`);
  process.stdin.resume().on("end", () => process.exit());
});
