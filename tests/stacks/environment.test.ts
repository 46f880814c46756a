import { expect } from "chai";
import { z } from "zod";
import { shutdown } from "../../components/app/containers";
import { processVariables, workerVariables } from "../../contract/environment";
import { loadConfig, migrationSchema, ownVariables, readVariables } from "../../workload/config";
import { type KubernetesObject, stackObjects, stacks } from "../support/objects";
import { type PodTemplate, podTemplatesOf } from "../support/pod-templates";

/** Settings that fit every tier: a queue, a migration, and the sizes that MVP's node has room for. */
const settings = {
  "tierstack:queues": '[{"name": "mail", "concurrency": 7, "cpuMillicores": 50, "memoryMiB": 48}]',
  "tierstack:app": '{"migrate": {"command": ["migrate"], "cpuMillicores": 50, "memoryMiB": 48}}',
};

/** What a container of the user's image finds in its environment. */
function environmentOf(objects: KubernetesObject[], workload: RegExp): Record<string, string> {
  const found = objects.filter(({ kind, metadata }) => workload.test(`${kind}/${metadata.name}`));
  expect(found.map(({ metadata }) => metadata.name)).to.have.lengthOf(1);
  const [template] = podTemplatesOf(found[0] as KubernetesObject);
  const { env, envFrom } = (template as PodTemplate).spec.containers[0] as Container;
  const names = envFrom.map(({ secretRef }) => secretRef.name);
  const secrets = objects.filter(({ kind, metadata }) => kind === "Secret" && names.includes(metadata.name));
  expect(secrets).to.have.lengthOf(1);
  const decoded = Object.entries(secrets[0]?.data as Record<string, string>).map(([name, text]) => [
    name,
    Buffer.from(text, "base64").toString(),
  ]);
  const plain = env.map(({ name, value }) => [name, value]);
  return Object.fromEntries([...decoded, ...plain]);
}

interface Container {
  env: { name: string; value: string }[];
  envFrom: { secretRef: { name: string } }[];
}

describe("the environment that a stack sets", () => {
  for (const stack of stacks())
    describe(stack, () => {
      let objects: KubernetesObject[];

      before(async () => {
        objects = (await stackObjects(stack, settings)).map(({ object }) => object);
      });

      it("is the application's configuration, and nothing else", () => {
        const env = environmentOf(objects, /^Deployment\/app$/);
        const config = loadConfig(env);
        expect(config).to.include({ PORT: 3000, REDIS_CLUSTER: "true", MODE: "normal", CACHE: "on" });
        expect([config.DATABASE_URL, config.DATABASE_READ_URL, config.DATABASE_DIRECT_URL].map(pathOf)).to.deep.equal([
          "/app?sslmode=verify-full",
          "/app_ro?sslmode=verify-full",
          "/app_session?sslmode=verify-full",
        ]);
        expect(new URL(config.REDIS_URL).protocol).to.equal("rediss:");
        expect(config.NODE_EXTRA_CA_CERTS).to.equal(config.PGSSLROOTCERT);
        expect(Object.keys(env).filter((name) => !(name in processVariables.shape))).to.deep.equal([]);
      });

      it("is a worker's configuration", () => {
        const env = environmentOf(objects, /^Deployment\/worker-mail$/);
        const config = readVariables(z.object({ ...processVariables.shape, ...workerVariables.shape }), env);
        expect(config).to.include({ WORKER_QUEUE: "mail", WORKER_CONCURRENCY: 7, WORKER_LIST: "{mail}:mail:wait" });
      });

      it("is enough for a migration", () => {
        const env = environmentOf(objects, /^Job\/migrate-/);
        expect(pathOf(readVariables(migrationSchema, env).DATABASE_DIRECT_URL)).to.match(/^\/app_session\?/);
      });
    });

  it("leaves a stopping application the time that it takes", () => {
    const { DRAIN_NOTICE_MS, DRAIN_MS } = ownVariables.parse({});
    expect(DRAIN_NOTICE_MS + DRAIN_MS).to.be.below(1000 * (shutdown.grace - shutdown.appSleep) - 5000);
  });
});

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
