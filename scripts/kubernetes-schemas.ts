/**
 * Writes the schemas that `npm test` validates every Kubernetes object against. `--check` only compares, and exits 1
 * if the file is stale. Unlike `npm run generate`, it needs Go. The schemas come from the OpenAPI of the pinned
 * Kubernetes, which its program `models-schema` prints with all enum values, and from the CRDs that the cluster tests
 * install.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { customResourceDefinitions } from "../tests/cluster/crds/crds";
import { folderOf, pinnedVersion, requireGo, type Tools } from "../tests/cluster/tools/go";
import { bundleFile, definitionsFor, type JsonSchema, type SchemaBundle } from "../tests/support/schemas/bundle";
import { type CustomKind, closedDefinition, closedKind, customKinds, scalars } from "../tests/support/schemas/closed";

const root = join(__dirname, "..");

/** Kinds that the stacks use or are likely to use next. */
const kinds: Record<string, { definitions: string; kinds: string[] }> = {
  v1: {
    definitions: "io.k8s.api.core.v1",
    kinds: [
      ...["ConfigMap", "LimitRange", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "Pod"],
      ...["ResourceQuota", "Secret", "Service", "ServiceAccount"],
    ],
  },
  "admissionregistration.k8s.io/v1": {
    definitions: "io.k8s.api.admissionregistration.v1",
    kinds: ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
  },
  "apps/v1": { definitions: "io.k8s.api.apps.v1", kinds: ["DaemonSet", "Deployment", "StatefulSet"] },
  "autoscaling/v2": { definitions: "io.k8s.api.autoscaling.v2", kinds: ["HorizontalPodAutoscaler"] },
  "batch/v1": { definitions: "io.k8s.api.batch.v1", kinds: ["CronJob", "Job"] },
  "networking.k8s.io/v1": {
    definitions: "io.k8s.api.networking.v1",
    kinds: ["Ingress", "IngressClass", "NetworkPolicy"],
  },
  "policy/v1": { definitions: "io.k8s.api.policy.v1", kinds: ["PodDisruptionBudget"] },
  "rbac.authorization.k8s.io/v1": {
    definitions: "io.k8s.api.rbac.v1",
    kinds: ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  },
  "scheduling.k8s.io/v1": { definitions: "io.k8s.api.scheduling.v1", kinds: ["PriorityClass"] },
  "storage.k8s.io/v1": { definitions: "io.k8s.api.storage.v1", kinds: ["StorageClass"] },
};

/** Returns every definition in the OpenAPI of the pinned Kubernetes. */
function openApi(): Record<string, JsonSchema> {
  const models = "k8s.io/kubernetes/pkg/generated/openapi/cmd/models-schema";
  const { status, stdout, stderr } = spawnSync("go", ["run", "-trimpath", models], {
    cwd: folderOf("control-plane"),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`go run ${models} failed:\n${stderr}`);
  return JSON.parse(stdout).definitions;
}

/** Returns the schemas of the built-in kinds. Throws if the pinned Kubernetes lacks one. */
function builtInKinds(definitions: Record<string, JsonSchema>): CustomKind[] {
  return Object.entries(kinds).flatMap(([apiVersion, group]) =>
    group.kinds.map((kind) => {
      const name = `${group.definitions}.${kind}`;
      const definition = definitions[name];
      if (!definition) throw new Error(`Kubernetes has no ${apiVersion} ${kind}`);
      return { kind: `${apiVersion}/${kind}`, name, schema: closedKind(apiVersion, kind, definition) };
    }),
  );
}

function schemas(): SchemaBundle {
  requireGo("control-plane", "read the schemas of Kubernetes");
  const definitions = openApi();
  const all = [...builtInKinds(definitions), ...customResourceDefinitions().flatMap(customKinds)];
  const available = {
    ...Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [name, closedDefinition(name, schema)])),
    ...scalars,
    ...Object.fromEntries(all.map(({ name, schema }) => [name, schema])),
  };
  const version = (tools: Tools, module: string) => [module, pinnedVersion(tools, module)];
  return {
    $comment:
      "Written by scripts/kubernetes-schemas.ts. The schemas of Kubernetes, KEDA and Karpenter (all Apache-2.0) without " +
      "their descriptions, and those of EKS Auto Mode from tests/cluster/crds; every list of fields is closed.",
    sources: Object.fromEntries([
      version("control-plane", "k8s.io/kubernetes"),
      version("crds", "github.com/kedacore/keda/v2"),
      version("crds", "sigs.k8s.io/karpenter"),
    ]),
    kinds: Object.fromEntries(all.map(({ kind, name }) => [kind, name])),
    definitions: definitionsFor(
      all.map(({ name }) => name),
      available,
    ),
  };
}

function main(): void {
  const content = `${JSON.stringify(schemas())}\n`;
  const file = relative(root, bundleFile);
  if (existsSync(bundleFile) && readFileSync(bundleFile, "utf8") === content) return;
  if (process.argv.includes("--check")) {
    process.stderr.write(`stale: ${file}; run \`npm run schemas\` and commit the result\n`);
    process.exitCode = 1;
    return;
  }
  writeFileSync(bundleFile, content);
  process.stdout.write(`written: ${file}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
