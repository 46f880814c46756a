import type { KubeConfig } from "@kubernetes/client-node";
import { namespaceNames } from "../components/namespaces/namespaces";
import { SettingsError } from "../config/problems";
import { defaultBackupRegion, regionNames } from "../config/regions";
import { type Pulumi, pulumiIn } from "../planner/binding/pulumi";
import { type Project, readProject, readStack } from "../planner/stacks";
import { AwsCli } from "./account/backups";
import { AwsDatabases } from "./account/databases";
import { AwsStores } from "./account/managed-stores";
import { unknownWord } from "./command";
import { Failure } from "./failure";
import { ApiServer, type Kube, ours } from "./kube/kube";
import type { Named } from "./kube/objects";
import { Pods } from "./reach/pods";
import type { Target } from "./request";
import type { StackFacts, World } from "./world";

/** What a stack's file says of its cluster. */
interface StackFile extends StackFacts {
  /** Whether its cluster is one that kubectl's configuration has already. */
  existing: boolean;
  region: string | undefined;
  context: string | undefined;
  prefix: string | undefined;
}

/** The second region of a region by default. */
const secondOf = (region: string | undefined) => {
  const known = regionNames.find((one) => one === region);
  return known && defaultBackupRegion(known);
};

function stackFileOf(project: Project, stack: string): StackFile {
  const { config } = readStack(project, stack);
  // A key that is declared without a value is empty.
  const of = (key: string) => config[`${project.name}:${key}`] || undefined;
  return {
    name: stack,
    maintenance: of("maintenance") === "true",
    existing: of("cluster") === "existing",
    region: of("region"),
    backupRegion: of("backupRegion") ?? secondOf(of("region")),
    context: of("context"),
    prefix: of("namespacePrefix"),
  };
}

/** The kubeconfig of a stack. Its token comes from the AWS CLI where the cluster is on EKS. */
async function kubeconfigOf(pulumi: Pulumi, stack: string): Promise<string> {
  const { code, output } = await pulumi(["stack", "output", "kubeconfig", "--show-secrets", "--stack", stack], {
    show: false,
  });
  if (code === 0 && output.trim() !== "") return output;
  throw new Failure({
    where: `-s ${stack}`,
    given: "no output kubeconfig",
    allowed: "a deployed stack whose outputs Pulumi shows",
    fix: "log in to its backend (pulumi login), or leave out -s where kubectl's cluster is enough",
  });
}

/** Asks for an output of a stack that is no secret. */
const outputOf = (pulumi: Pulumi, stack: string) => async (name: string) => {
  const { code, output } = await pulumi(["stack", "output", name, "--stack", stack], { show: false });
  return code === 0 && output.trim() !== "" ? output.trim() : undefined;
};

/** Sets the context. Throws a SettingsError for one that there is not. */
function useContext(config: KubeConfig, context: string | undefined): void {
  const names = config.getContexts().map(({ name }) => name);
  if (context !== undefined && !names.includes(context)) {
    const none = names.length === 0 && { allowed: "none: the kubeconfig has no context" };
    throw new SettingsError([{ ...unknownWord(context, names, "choose one of them"), where: "--context", ...none }]);
  }
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() !== null) return;
  throw new SettingsError([
    {
      where: "kubectl's configuration",
      given: "no current context",
      allowed: "a cluster",
      fix: "name the stack with -s, or set KUBECONFIG",
    },
  ]);
}

/** Reads a kubeconfig: the text given, or kubectl's own. */
function readConfig(text: string | undefined): KubeConfig {
  const { KubeConfig: Config } = require("@kubernetes/client-node") as typeof import("@kubernetes/client-node");
  const config = new Config();
  try {
    if (text === undefined) config.loadFromDefault();
    else config.loadFromString(text);
  } catch (error) {
    throw new SettingsError([
      {
        where: "kubectl's configuration",
        given: `a file that cannot be read (${String((error as Error).message).split("\n")[0]})`,
        allowed: "a kubeconfig",
        fix: "check KUBECONFIG, or name the stack with -s",
      },
    ]);
  }
  return config;
}

/** The namespaces of the one product in a cluster. */
async function namespacesIn(kube: Kube, cluster: string): Promise<World["namespaces"]> {
  const suffix = namespaceNames().app;
  const found = (await kube.list<Named>("/api/v1/namespaces", ours))
    .map(({ metadata: { name, labels } }) => ({ name, role: labels?.["app.kubernetes.io/name"] }))
    .filter(({ name, role }) => role === suffix && name.endsWith(suffix));
  const [first, ...more] = found;
  if (first === undefined)
    throw new Failure({
      where: `cluster ${cluster}`,
      given: "no namespace of the stack",
      allowed: "a cluster that pulumi up has deployed to",
      fix: "name the stack with -s, or its context with --context",
    });
  if (more.length > 0)
    throw new SettingsError([
      {
        where: "command line",
        given: `a cluster with several products: ${found.map(({ name }) => name).join(", ")}`,
        allowed: "one of them",
        fix: "name its stack with -s",
      },
    ]);
  const prefix = first.name.slice(0, -suffix.length).replace(/-$/, "");
  return namespaceNames(prefix);
}

/** A word as a shell takes it. */
const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The flags of a target, to be appended to a command. */
const flagsOf = ({ stack, context, cwd }: Target): string =>
  Object.entries({ "-s": stack, "--context": context, "--cwd": cwd })
    .map(([flag, value]) => (value === undefined ? "" : ` ${flag} ${quoted(value)}`))
    .join("");

/** Connects to the product that a command line names. */
export async function connect(target: Target, root: string, pulumi?: Pulumi): Promise<World> {
  const { stack, context, cwd } = target;
  const folder = cwd ?? root;
  const file = stack === undefined ? undefined : stackFileOf(readProject(folder), stack);
  const deployed = file !== undefined && !file.existing ? file.name : undefined;
  const cli = pulumi ?? pulumiIn(folder);
  const text = deployed === undefined ? undefined : await kubeconfigOf(cli, deployed);
  const config = readConfig(text);
  useContext(config, context ?? (deployed === undefined ? file?.context : undefined));
  const kube = new ApiServer(config);
  const cluster = config.getCurrentContext();
  const { app, data } = file === undefined ? await namespacesIn(kube, cluster) : namespaceNames(file.prefix);
  return {
    kube,
    reach: new Pods(config, kube),
    account: {
      backups: new AwsCli(),
      stores: new AwsStores(file?.region),
      databases: new AwsDatabases(file?.region),
    },
    cluster,
    flags: flagsOf(target),
    namespaces: { app, data },
    stack: file,
    output: file && outputOf(cli, file.name),
  };
}
