import assert from "node:assert/strict";
import { test } from "node:test";
import { program } from "tierstack";
import { plan } from "tierstack/testing";
import { resources } from "../resources";

const config = { image: "ghcr.io/acme/shop:1.4.2", apiAccessCidrs: ["203.0.113.7/32"] };

test("uploads go to a protected bucket that nobody else reads", async () => {
  const planned = await plan(program(resources), { config });
  assert.equal(planned.at("tierstack/uploads").options.protect, true);
  assert.equal(planned.inputs("tierstack/uploads-private").restrictPublicBuckets, true);
  assert.equal(planned.outputs.uploadsBucket, planned.inputs("tierstack/uploads-private").bucket);
});

test("an existing cluster gets no bucket", async () => {
  const existing = { image: config.image, cluster: "existing", kubeconfig: "apiVersion: v1" };
  const planned = await plan(program(resources), { config: existing });
  assert.deepEqual(planned.ofType("aws:s3/bucket:Bucket"), []);
});
