import { expect } from "chai";
import type { Kube } from "../../../ops/kube/kube";
import { Refused } from "../../../ops/kube/kube";
import { changeOwned } from "../../../ops/kube/owners";

const entry = (manager: string, fields: object, subresource?: string) => ({
  manager,
  operation: "Update",
  apiVersion: "v1",
  fieldsV1: fields,
  ...(subresource && { subresource }),
});

describe("fields that a command changes", () => {
  it("go back to the managers that had them, also after a controller wrote the status", async () => {
    const pulumi = entry("pulumi", { "f:spec": { "f:a": {}, "f:b": {} } });
    const [old, fresh] = [
      entry("hpa", { "f:status": {} }, "status"),
      entry("hpa", { "f:status": { "f:x": {} } }, "status"),
    ];
    const reduced = entry("pulumi", { "f:spec": { "f:b": {} } });
    const ops = entry("tierstack-ops", { "f:spec": { "f:a": {} } });
    const sent: unknown[] = [];
    let refusals = 1;
    const kube = {
      get: async () => ({
        metadata: {
          name: "x",
          resourceVersion: sent.length === 0 ? "1" : "3",
          managedFields: sent.length === 0 ? [pulumi, old] : [reduced, fresh, ops],
        },
      }),
      patch: async (_: string, type: string, body: unknown) => {
        sent.push([type, body]);
        if (type === "json" && refusals-- > 0) throw new Refused(422, "the test of resourceVersion failed");
        return { metadata: { name: "x", resourceVersion: "2", managedFields: [reduced, old, ops] } };
      },
    } as unknown as Kube;
    await changeOwned(kube, "/x", "merge", { spec: { a: 1 } });
    const patch = (version: string, status: object) => [
      "json",
      [
        { op: "test", path: "/metadata/resourceVersion", value: version },
        { op: "replace", path: "/metadata/managedFields", value: [pulumi, status] },
      ],
    ];
    expect(sent).to.deep.equal([["merge", { spec: { a: 1 } }], patch("2", old), patch("3", fresh)]);
  });
});
