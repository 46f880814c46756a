/** Requests to AWS with the operator's own rights. */
import { unansweredBecause } from "../../planner/preflight/aws";
import { Failure } from "../failure";

/**
 * Asks a service in a region.
 * @param service  as users know it
 * @param region   that of the stack, or of what is asked about; undefined where the command line names no stack
 * @throws Failure  in one line, where there is no region or the service refuses
 */
export async function asked<T>(
  service: string,
  region: string | undefined,
  work: (region: string) => Promise<T>,
): Promise<T> {
  if (region === undefined)
    throw new Failure({ where: service, given: "no region", allowed: "a stack", fix: "name it with -s" });
  try {
    return await work(region);
  } catch (error) {
    const reason = unansweredBecause(error);
    if (reason === undefined) throw error;
    throw new Failure({
      where: `${service} in ${region}`,
      given: `a request that it refuses (${reason})`,
      allowed: "what your rights and the store's state allow",
      fix: "check aws sts get-caller-identity, and the store in the console",
    });
  }
}
