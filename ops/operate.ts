import type { OperateAnswers, OperateRequest } from "../contract/operate";
import { Failure } from "./failure";
import { application, type World } from "./world";

/** The program in the application's image. */
export const program = "workload/operate.js";

/** The image has another application's programs. */
export class ProgramMissing extends Failure {
  constructor(image: string) {
    super({
      where: `image of ${image}`,
      given: `one without ${program}`,
      allowed: "the reference application's, or one with a program that answers the same requests",
      fix: "docs/runbooks/README.md#an-image-of-your-own",
    });
  }
}

/**
 * What container runtimes and Node.js say of a program that is not there. A program that is there may lack a file or a module
 * of its own: that is a defect of the image.
 */
const isMissing = ({ code, stderr }: { code: number; stderr: string }) =>
  code === 126 ||
  code === 127 ||
  /executable file .*not found|Cannot find module '\S*\/workload\/operate\.js'/i.test(stderr);

/**
 * Has a pod of the application do something with the stores, by its own connections.
 * @throws ProgramMissing  where the image has no such program
 * @throws Failure         with what the pod said in a line
 */
export async function operate<Request extends OperateRequest>(
  world: World,
  request: Request,
): Promise<OperateAnswers[Request["do"]]> {
  const workload = application(world);
  const ran = await world.reach.run(workload, ["node", program, JSON.stringify(request)]);
  if (ran.code === 0) return JSON.parse(ran.stdout) as OperateAnswers[Request["do"]];
  if (isMissing(ran)) throw new ProgramMissing(`${workload.namespace}/${workload.name}`);
  throw new Failure(ran.stderr.trim().split("\n")[0] || `${program} ended with code ${ran.code}`);
}
