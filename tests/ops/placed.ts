import { expect } from "chai";
import { placeOf, type World } from "../../ops/world";
import type { Run } from "../support/captured";

/**
 * Runs a command, and expects that its answer and its questions name the stack and the cluster.
 * Returns what it answers below the line that does.
 */
export async function placed(
  world: Pick<World, "stack" | "cluster">,
  agrees: boolean,
  run: (confirm: (question: string) => Promise<boolean>) => Promise<Run>,
): Promise<Run> {
  const place = placeOf(world);
  const confirm = async (question: string) => {
    expect(question.slice(0, place.length + 2)).to.equal(`${place}: `);
    return agrees;
  };
  const { stdout, ...rest } = await run(confirm);
  if (stdout === "") return { stdout, ...rest };
  expect(stdout.split("\n")[0]).to.equal(place);
  return { stdout: stdout.slice(place.length + 1), ...rest };
}
