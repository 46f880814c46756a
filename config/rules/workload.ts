import { dirname } from "node:path";
import { portProblem } from "../../components/app/port";
import { providedVariables } from "../../components/app/variables";
import { reversedRanges } from "../../components/schedules/schedule";
import { ecrRepositoryOf, registryOf } from "../../components/support/image-name";
import { caFile } from "../../components/support/names";
import { namedImagesOf } from "../images";
import { createsCluster } from "../resolve";
import type { Rule } from "./rule";

const duplicates = (words: readonly string[]) => [...new Set(words.filter((word, at) => words.indexOf(word) !== at))];

const uniqueNames: Rule = ({ settings }) => [
  ...duplicates(settings.queues.map((queue) => queue.name)).map((name) => ({
    where: "queues",
    given: `two queues named ${name}`,
    allowed: "a different name for each queue",
    fix: "rename one of them",
  })),
  ...duplicates(settings.app.schedules.map((schedule) => schedule.name)).map((name) => ({
    where: "app.schedules",
    given: `two schedules named ${name}`,
    allowed: "a different name for each schedule",
    fix: "rename one of them",
  })),
  ...(["environment", "secrets"] as const).flatMap((key) =>
    Object.keys(settings.app[key]).map(
      (name) =>
        providedVariables.includes(name) && {
          where: `app.${key}.${name}`,
          given: "a variable that the stack sets",
          allowed: `any name except ${providedVariables.join(", ")}`,
          fix: "remove it",
        },
    ),
  ),
  ...Object.keys(settings.app.secrets).map(
    (name) =>
      name in settings.app.environment && {
        where: `app.environment.${name}`,
        given: "a variable that app.secrets has too",
        allowed: "each variable in app.environment or app.secrets, not in both",
        fix: "remove it from app.environment",
      },
  ),
];

const port: Rule = ({ settings }) => [portProblem(settings.app.port)];

/** Directories with the programs of the image, which an empty directory would hide. */
const programs = [
  "/bin",
  "/sbin",
  "/lib",
  "/lib64",
  "/usr",
  "/usr/bin",
  "/usr/lib",
  "/usr/local",
  "/usr/local/bin",
  "/etc",
];

/** Directories that a container cannot do without, or that are mounted already. */
const taken = ["/tmp", "/proc", "/sys", "/dev", dirname(dirname(caFile))];

const writable: Rule = ({ settings }) => {
  const paths = settings.app.writable.map(({ path }) => path);
  return paths.map((path, at) => {
    const others = [...taken, ...paths.filter((_, other) => other !== at)];
    const inside = others.find(
      (other) => path === other || path.startsWith(`${other}/`) || other.startsWith(`${path}/`),
    );
    if (programs.includes(path))
      return {
        where: `app.writable[${at}].path`,
        given: JSON.stringify(path),
        allowed: "a directory of the application's own: an empty one hides what the image has there",
        fix: "name the directory that the application writes to",
      };
    return (
      inside !== undefined && {
        where: `app.writable[${at}].path`,
        given: JSON.stringify(path),
        allowed: `a directory outside of ${inside}, and not around it`,
        fix: inside === "/tmp" ? "remove it: /tmp is writable already" : "name another directory",
      }
    );
  });
};

/** The API server refuses such a CronJob in the middle of a deployment. */
const schedules: Rule = ({ settings }) =>
  settings.app.schedules.flatMap(({ schedule }, at) =>
    reversedRanges(schedule).map((range) => ({
      where: `app.schedules[${at}].schedule`,
      given: `${JSON.stringify(schedule)}, with the range ${range}`,
      allowed: "ranges that begin before they end",
      fix: "write two ranges with a comma between",
    })),
  );

/** A failing database would restart every pod. */
const livePath: Rule = ({ settings: { app } }) => [
  app.livePath === app.healthPath && {
    where: "app.livePath",
    given: JSON.stringify(app.livePath),
    allowed: "a path other than app.healthPath: that one may fail while a store does, and every pod would be restarted",
    fix: "remove app.livePath, or name a path that does not query a store",
  },
];

/** Credentials that no image uses, or that expire. */
const registry: Rule = ({ settings }) => {
  const { registry } = settings;
  const registries = [...new Set(namedImagesOf(settings).map(registryOf))];
  if (!registry) return [];
  return [
    ecrRepositoryOf(`${registry.server}/any`) !== undefined && {
      where: "registry.server",
      given: registry.server,
      allowed: "a registry other than ECR, whose passwords expire after twelve hours",
      fix: createsCluster(settings)
        ? "remove registry: the nodes pull from ECR by their role"
        : "remove registry, and let the nodes of the cluster pull from ECR by their role",
    },
    !registries.includes(registry.server) && {
      where: "registry.server",
      given: registry.server,
      allowed: `${registries.join(" or ")}, the registry of ${registries.length > 1 ? "an" : "the"} image`,
      fix: "name the registry of the image, or remove registry",
    },
  ];
};

/** Rules about the workload: names, variables and ports. */
export const workload: Rule[] = [uniqueNames, port, writable, schedules, livePath, registry];
