import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { versions } from "../../versions";
import { pinnedVersion } from "../cluster/tools/go";
import { identityOf, type KubernetesObject, stackObjects, stacks } from "../support/objects";
import { observed } from "../support/observed";
import { readBundle } from "../support/schemas/bundle";
import { customKinds } from "../support/schemas/closed";
import { schemaProblems } from "../support/schemas/validate";

describe("Kubernetes objects by their schemas", () => {
  const objects = new Map<string, KubernetesObject[]>();

  before(async function () {
    this.timeout(60_000);
    for (const stack of stacks())
      objects.set(
        stack,
        (await stackObjects(stack)).map(({ object }) => object),
      );
  });

  for (const stack of stacks())
    it(`${stack}: every object is of a known kind, with known fields of the right types`, () => {
      expect(objects.get(stack)?.flatMap(schemaProblems)).to.deep.equal([]);
    });

  it("are valid with a handover", async () => {
    const handover = { "tierstack:handover": '{"image": "ghcr.io/acme/handover:0.1.0"}' };
    const found = (await stackObjects("startup", handover)).map(({ object }) => object);
    expect(found.map(({ metadata }) => metadata.name)).to.include.members(["handover", "pgbouncer-pods"]);
    expect(found.flatMap(schemaProblems)).to.deep.equal([]);
  });

  for (const stack of stacks())
    it(`${stack}: are valid with what watches the product`, async () => {
      const found = (await stackObjects(stack, observed(stack))).map(({ object }) => object);
      expect(found.map(identityOf)).to.include("Deployment/observability/monitor");
      expect(found.flatMap(schemaProblems)).to.deep.equal([]);
    });

  /** A change that a careless edit could make, and what it must be called. */
  interface Fault {
    kind: string;
    change(object: KubernetesObject): void;
    problems: string[];
  }

  const pod = "spec.template.spec.containers[0]";
  const faults: Record<string, Fault> = {
    "a misspelt field deep inside": {
      kind: "Deployment",
      change: ({ spec }) => {
        spec.template.spec.containers[0].imagePullPolice = "Always";
      },
      problems: [`${pod}.imagePullPolice: unknown field`],
    },
    "a field of another object": {
      kind: "PodDisruptionBudget",
      change: ({ spec }) => {
        spec.replicas = 1;
      },
      problems: ["spec.replicas: unknown field"],
    },
    "a text for a number": {
      kind: "Deployment",
      change: ({ spec }) => {
        spec.minReadySeconds = "5";
      },
      problems: ['spec.minReadySeconds: must be integer, is "5"'],
    },
    "a number for a text": {
      kind: "Deployment",
      change: ({ spec }) => {
        spec.template.spec.containers[0].env = [{ name: "PORT", value: 8080 }];
      },
      problems: [`${pod}.env[0].value: must be string, is 8080`],
    },
    "a required field left out": {
      kind: "Deployment",
      change: ({ spec }) => {
        delete spec.selector;
      },
      problems: ["spec.selector: missing"],
    },
    "a value that does not exist": {
      kind: "Deployment",
      change: ({ spec }) => {
        spec.template.spec.containers[0].imagePullPolicy = "Sometimes";
      },
      problems: [`${pod}.imagePullPolicy: must be one of Always, IfNotPresent, Never, is "Sometimes"`],
    },
    "a quantity that is none": {
      kind: "Deployment",
      change: ({ spec }) => {
        spec.template.spec.containers[0].resources.limits.memory = "512 MB";
      },
      problems: [`${pod}.resources.limits.memory: must be a quantity such as 250m or 1Gi, is "512 MB"`],
    },
    "a Secret that is not encoded": {
      kind: "Secret",
      change: (secret) => {
        secret.data = { "tls.key": "-----BEGIN PRIVATE KEY-----" };
      },
      problems: ['data["tls.key"]: must be base64, is "-----BEGIN PRIVATE KEY-----"'],
    },
    "the apiVersion of another time": {
      kind: "HorizontalPodAutoscaler",
      change: (autoscaler) => {
        autoscaler.apiVersion = "autoscaling/v2beta2";
      },
      problems: ["apiVersion: HorizontalPodAutoscaler is in autoscaling/v2, not in autoscaling/v2beta2"],
    },
    "a kind that does not exist": {
      kind: "Service",
      change: (service) => {
        service.kind = "Servise";
      },
      problems: ["kind: v1 Servise is not known; scripts/kubernetes-schemas.ts lists what is"],
    },
    "a misspelt field of a KEDA trigger": {
      kind: "ScaledObject",
      change: ({ spec }) => {
        spec.triggers[0].metadatas = spec.triggers[0].metadata;
        delete spec.triggers[0].metadata;
      },
      problems: ["spec.triggers[0].metadata: missing", "spec.triggers[0].metadatas: unknown field"],
    },
    "a number in a KEDA trigger's metadata": {
      kind: "ScaledObject",
      change: ({ spec }) => {
        spec.triggers[0].metadata.listLength = 25;
      },
      problems: ["spec.triggers[0].metadata.listLength: must be string, is 25"],
    },
    "a misspelt field of a NodePool": {
      kind: "NodePool",
      change: ({ spec }) => {
        spec.disruption.consolidateafter = "5m";
      },
      problems: ["spec.disruption.consolidateafter: unknown field"],
    },
    "a duration that Karpenter does not know": {
      kind: "NodePool",
      change: ({ spec }) => {
        spec.template.spec.expireAfter = "14d";
      },
      problems: ['spec.template.spec.expireAfter: must match ^(([0-9]+(s|m|h))+|Never)$, is "14d"'],
    },
    "a field of Karpenter's own node class in that of EKS": {
      kind: "NodeClass",
      change: ({ spec }) => {
        spec.amiFamily = "AL2023";
        spec.ephemeralStorage.iops = 100;
      },
      problems: ["spec.amiFamily: unknown field", "spec.ephemeralStorage.iops: must be >= 3000, is 100"],
    },
    "what EKS requires of a TargetGroupBinding and the load balancer controller does not": {
      kind: "TargetGroupBinding",
      change: ({ spec }) => {
        delete spec.targetType;
        spec.networking = {};
      },
      problems: ["spec.targetType: missing", "spec.networking: unknown field"],
    },
  };

  for (const [name, { kind, change, problems }] of Object.entries(faults))
    it(`sees ${name}`, () => {
      const all = [...objects.values()].flat();
      const faulty = structuredClone(all.find((object) => object.kind === kind)) as KubernetesObject;
      const { name, namespace } = faulty.metadata;
      change(faulty);
      const where = [faulty.kind, ...(namespace ? [namespace] : []), name].join("/");
      expect(schemaProblems(faulty)).to.deep.equal(problems.map((problem) => `${where}: ${problem}`));
    });
});

describe("the bundle of schemas", () => {
  const { sources, kinds, definitions } = readBundle();
  const minor = (version: string) => version.split(".").slice(0, 2).join(".");

  it("is of the Kubernetes that EKS and k3s run, and of the KEDA of the chart", () => {
    expect(minor(sources["k8s.io/kubernetes"] as string)).to.equal(versions.kubernetes);
    expect(minor(versions.k3s.slice(1))).to.equal(versions.kubernetes);
    expect(minor(sources["github.com/kedacore/keda/v2"] as string)).to.equal(minor(versions.kedaChart));
  });

  it("is of the sources that are pinned now", () => {
    expect(sources).to.deep.equal({
      "k8s.io/kubernetes": pinnedVersion("control-plane", "k8s.io/kubernetes"),
      "github.com/kedacore/keda/v2": pinnedVersion("crds", "github.com/kedacore/keda/v2"),
      "sigs.k8s.io/karpenter": pinnedVersion("crds", "sigs.k8s.io/karpenter"),
    });
  });

  it("has the CRDs of EKS as they are written here", () => {
    const folder = join(__dirname, "..", "cluster", "crds");
    const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
    const written = files.flatMap((file) => customKinds(parse(readFileSync(join(folder, file), "utf8"))));
    const wanted = written.map(({ kind, name, schema }) => ({ kind, name, schema }));
    const found = wanted.map(({ kind }) => ({ kind, name: kinds[kind], schema: definitions[kinds[kind] as string] }));
    expect(wanted.map(({ kind }) => kind)).to.have.members([
      "eks.amazonaws.com/v1/IngressClassParams",
      "eks.amazonaws.com/v1/NodeClass",
      "eks.amazonaws.com/v1/TargetGroupBinding",
    ]);
    expect(found).to.deep.equal(wanted);
  });

  it("closes every list of fields", () => {
    const open: string[] = [];
    const visit = (value: unknown, path: string) => {
      if (typeof value !== "object" || value === null) return;
      const { properties, additionalProperties } = value as { properties?: unknown; additionalProperties?: unknown };
      if (properties && !path.endsWith("/properties") && additionalProperties !== false) open.push(path);
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}/${key}`);
    };
    visit(definitions, "");
    expect(open).to.deep.equal([]);
  });
});
