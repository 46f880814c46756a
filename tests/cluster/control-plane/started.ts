/** Starts a control plane, says where it is and of which processes, and waits to be killed: for the test of just that. */
import { startControlPlane } from "./control-plane";

void startControlPlane().then(async (plane) => {
  process.stdout.write(`${JSON.stringify({ folder: plane.folder, pids: await plane.pids() })}\n`);
  process.stdin.resume().on("end", () => process.exit());
});
