import { planStack } from "../../../planner/plan";
import type { Aws } from "../../../planner/preflight/aws";
import type { Check, Sources } from "../../../planner/preflight/check";
import type { CaaRecord } from "../../../planner/preflight/dns";
import { type Needs, needsOf } from "../../../planner/preflight/needs";
import { readProject, readStack } from "../../../planner/stacks";
import type { Program } from "../../../platform/program";
import { testProject } from "../../support/project";

const program = require("../../../index") as Program;

const plans = new Map<string, ReturnType<typeof planStack>>();

/** The plan of a stack, made once for all tests. */
function planned(stack: string, name: string, overrides: Record<string, string>) {
  const key = JSON.stringify([stack, name, overrides]);
  const settings = readStack(readProject(testProject()), stack);
  const config = { ...settings.config, ...overrides };
  const made = plans.get(key) ?? planStack(readProject(testProject()), { ...settings, stack: name, config }, program);
  plans.set(key, made);
  return made;
}

/** What a stack of this repository needs, and the move to it. */
export async function needs(stack: string, from?: string, overrides: Record<string, string> = {}): Promise<Needs> {
  const before = from === undefined ? undefined : (await planned(from, from, {})).plan;
  return needsOf(await planned(stack, from ?? stack, overrides), before);
}

type Answers = Record<string, (request: never) => unknown>;

/** A request to AWS, such as `ec2.describeVpcs`, with its input, and the region where the client names one. */
export type Asked = [operation: string, input: unknown, region?: string];

/**
 * AWS as far as a check asks it: answers by client and operation. Someone is signed in.
 * @param asked  gets every request
 */
export function awsOf(clients: Record<string, Answers>, region = "us-east-1", asked: Asked[] = []): Aws {
  const clientOf = (name: string, answers: Answers) => (named?: string) =>
    Object.fromEntries(
      Object.entries(answers).map(([operation, answer]) => [
        operation,
        async (input: never) => {
          const request = `${name}.${operation}`;
          asked.push(named === undefined ? [request, input] : [request, input, named]);
          return answer(input);
        },
      ]),
    );
  const made = Object.entries(clients).map(([name, answers]) => [name, clientOf(name, answers)]);
  const identity = async () => ({ Arn: "arn:aws:iam::123456789012:user/ada" });
  return { identity, region, ...Object.fromEntries(made) } as unknown as Aws;
}

/** An error as the SDK throws it. */
export const awsError = (name: string, message: string) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

/** @param missing  names that do not exist */
export const dnsOf = (
  caa: Record<string, CaaRecord[]> = {},
  ns: Record<string, string[]> = {},
  missing: string[] = [],
): Sources["dns"] => ({
  caa: async (name) => (missing.includes(name) ? undefined : (caa[name] ?? [])),
  ns: async (name) => ns[name] ?? [],
});

/** Registries that show images by name, each with its platforms. */
export const registriesOf = (platforms: Record<string, string[]> = {}): Sources["registries"] => ({
  platforms: async (image) => platforms[image],
});

/** What a check finds. */
export const run = (
  check: Check,
  of: Needs,
  clients: Record<string, Answers>,
  dns = dnsOf(),
  registries = registriesOf(),
) => check.run(of, { aws: awsOf(clients, of.region), dns, registries });

/** What a check asks AWS, in order. */
export async function requestsOf(check: Check, of: Needs, clients: Record<string, Answers>, dns = dnsOf()) {
  const asked: Asked[] = [];
  await check.run(of, { aws: awsOf(clients, of.region, asked), dns, registries: registriesOf() });
  return asked;
}
