/**
 * The baseline of the benchmark: a process that imports the same SDKs and registers the same number of resources of the
 * same types, with literal inputs, under the SDK's own mocks. Usage: floor.ts RESOURCES.json
 */
import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as command from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

export interface FloorResource {
  name: string;
  /** File of the SDK that exports the class. */
  module: string;
  className: string;
  inputs: Record<string, unknown>;
}

type ResourceClass = new (name: string, inputs: Record<string, unknown>) => pulumi.CustomResource;

async function main(): Promise<void> {
  const sdks = [aws, command, k8s, random, tls];
  const resources = JSON.parse(readFileSync(process.argv[2] as string, "utf8")) as FloorResource[];
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
    call: ({ inputs }) => inputs as Record<string, unknown>,
  });
  const registered = resources.map(({ name, module, className, inputs }) => {
    const resourceClass = (require(module) as Record<string, ResourceClass>)[className] as ResourceClass;
    return new resourceClass(name, inputs);
  });
  const urns = await Promise.all(
    registered.map((resource) => new Promise<string>((resolve) => resource.urn.apply(resolve))),
  );
  process.stdout.write(`${urns.length} resources of ${sdks.length} SDKs\n`);
}

void main();
