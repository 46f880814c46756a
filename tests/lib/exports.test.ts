import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import ts from "typescript";

const lib = join(__dirname, "..", "..", "lib");

/** The public interface. A name that leaves a list, or whose meaning changes, is a major release. */
const contract: Record<string, string[]> = {
  "index.ts": [
    ...["AlbIngress", "AlbIngressArgs", "App", "AppArgs", "AppEnvironment", "AppEnvironmentArgs", "AppSize"],
    ...["Certificate", "CertificateAuthority", "Certificates", "CertificatesArgs", "Cluster", "ConnectionBudget"],
    ...["ContainerSize", "Edge", "EdgeArgs", "EdgeDomain", "EdgeSize", "Eks", "EksArgs", "EksNetwork", "EksSize"],
    ...["ExistingCluster", "ExistingClusterArgs", "IngressSource", "K3s", "K3sArgs", "K3sSize", "K3sState"],
    ...["NodeIdentity", "NodeIdentityArgs", "PodIdentity", "PodIdentityArgs"],
    ...["Migrate", "Migration", "MigrationArgs"],
    ...["K3sStateArgs", "Keda", "KedaArgs", "Namespace", "Namespaces", "NamespacesArgs", "Network", "NetworkArgs"],
    ...["NetworkSize", "NodePoolSize", "Origin", "OwnResources", "PgBouncer", "PgBouncerArgs", "PgBouncerSize"],
    ...["Place", "Platform", "Postgres", "PostgresArgs", "PostgresServer", "PostgresSize", "Program"],
    ...["Priorities", "PrioritiesArgs"],
    ...["PullSecret", "PullSecretArgs", "Redis", "RedisArgs", "RedisSize", "RegistryCredentials"],
    ...[
      "ReplicaRange",
      "Schedule",
      "Schedules",
      "SchedulesArgs",
      "Settings",
      "SettingsError",
      "StackInputs",
      "StackOutputs",
    ],
    ...["StoreNetwork", "Tier", "TierSpec", "TraefikIngress", "TraefikIngressArgs", "WorkerScheduling", "Workers"],
    ...[
      "WorkersArgs",
      "WorkersSize",
      "WorkloadEnvironment",
      "WritableDirectory",
      "connectionBudget",
      "existingNamespace",
      "program",
    ],
    ...["scramVerifier", "tierNames", "tiers"],
  ],
  "testing.ts": [
    ...["LookUp", "PlanOptions", "PlannedProgram", "RecordOptions", "RecordedResource", "Recording", "RefusedPlan"],
    ...["ResourceOptions", "Secret", "plan", "record", "redact", "reveal", "unknownText"],
  ],
};

const parse = (file: string) => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);

function moduleFile(from: string, specifier: string): string {
  const path = join(dirname(from), specifier);
  return ts.sys.fileExists(`${path}.ts`) ? `${path}.ts` : join(path, "index.ts");
}

/** What a module exports: each name with the declaration behind it. */
function exportsOf(file: string): Map<string, ts.Node> {
  const found = new Map<string, ts.Node>();
  for (const statement of parse(file).statements) {
    if (ts.isExportDeclaration(statement)) {
      const behind = exportsOf(moduleFile(file, (statement.moduleSpecifier as ts.StringLiteral).text));
      const named = statement.exportClause as ts.NamedExports | undefined;
      const names = named ? named.elements.map(({ name }) => name.text) : [...behind.keys()];
      for (const name of names) found.set(name, behind.get(name) as ts.Node);
    } else if (ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isExport)) {
      const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
      for (const declaration of declared) {
        const { name } = declaration as unknown as { name: ts.Identifier };
        found.set(name.text, statement);
      }
    }
  }
  return found;
}
const isExport = ({ kind }: ts.Modifier) => kind === ts.SyntaxKind.ExportKeyword;

const hasDoc = (node: ts.Node | undefined) => node !== undefined && ts.getJSDocCommentsAndTags(node).length > 0;

describe("the public interface", () => {
  for (const [file, names] of Object.entries(contract)) {
    const exported = exportsOf(join(lib, file));

    it(`${file} exports what the contract lists`, () => {
      expect([...exported.keys()].sort()).to.deep.equal([...names].sort());
    });

    it(`${file}: every export says what it is; the arguments of a class stand beside it`, () => {
      const silent = [...exported.keys()].filter(
        (name) =>
          !hasDoc(exported.get(name)) && !(name.endsWith("Args") && exported.has(name.slice(0, -"Args".length))),
      );
      expect(silent).to.deep.equal([]);
    });
  }
});
