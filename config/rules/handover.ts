import { ecrRepositoryOf } from "../../components/support/image-name";
import { checkedBudget } from "../../tiers/connections";
import { leftBy } from "../../tiers/generations";
import { sizes } from "../../tiers/sizes";
import { imagesOf } from "../images";
import type { Rule } from "./rule";

/** A handover needs both stores, and the port of a k3s node where one of them is in the cluster. */
const bothStores: Rule = ({ settings: { handover, tier, cluster }, spec: { target, postgres, keep } }) => {
  // What else an existing cluster lacks, another rule says (config/rules/effects.ts).
  if (!handover || cluster === "existing" || postgres.previous) return [];
  const kept = postgres.place === "managed" ? keep.clusterStores : keep.managedStores;
  const key = `keep.${postgres.place === "managed" ? "clusterStores" : "managedStores"}`;
  return [
    target.kind !== "k3s"
      ? {
          where: "handover",
          given: `a value, with tier ${tier}`,
          allowed: "a tier with a k3s node, through which RDS reaches the in-cluster Postgres",
          fix: "set postgres.previous to hand over to another RDS instance, or remove handover",
        }
      : !kept && {
          where: "handover",
          given: `a value, with tier ${tier} and without ${key}`,
          allowed: "both stores: a handover leads from one to the other",
          fix:
            postgres.place === "managed"
              ? `remove ${key}, which is true by default, or remove handover`
              : `set ${key} to true on the way from startup, or set tier: startup on the way there; else remove handover`,
        },
  ];
};

/** Until the switch PgBouncer serves the store that the tier leaves, so its pools must fit that one too. */
const poolsFit: Rule = ({ settings: { handover }, spec: { target, postgres, pgbouncer } }) => {
  if (!handover || target.kind === "existing") return [];
  const { previous } = postgres;
  if (previous ? !sizes.database(previous.instanceClass) : target.kind !== "k3s") return [];
  const left = leftBy(postgres);
  const checked = checkedBudget(left, pgbouncer);
  // What does not fit the tier's own store, another rule says (config/rules/sizing.ts).
  if (!("problem" in checked) || "problem" in checkedBudget(postgres, pgbouncer)) return [];
  const { where, given, allowed } = checked.problem;
  const server = previous
    ? "RDS instance of postgres.previous"
    : left.place === "cluster"
      ? "in-cluster Postgres"
      : "RDS instance";
  return [
    {
      where,
      given: `${given}, during a handover`,
      allowed: `${allowed}, which is what the ${server} allows`,
      fix: `set ${where} after the handover`,
    },
  ];
};

/** A node pulls from repositories of ECR by its role. A change of the role's task would replace the node. */
const ecr: Rule = ({ settings }) => {
  const { handover } = settings;
  const own = handover && ecrRepositoryOf(handover.image);
  const pulled = imagesOf(settings).flatMap((image) => ecrRepositoryOf(image) ?? []);
  return [
    own &&
      !pulled.some(({ registry, name }) => registry === own.registry && name === own.name) && {
        where: "handover.image",
        given: JSON.stringify(handover.image),
        allowed:
          "a repository of ECR that another image of the stack is in, or another registry: the node may pull from those",
        fix: "push the image to the application's repository, with a tag of its own",
      },
  ];
};

/** Rules about a handover of the database. */
export const handovers: Rule[] = [bothStores, poolsFit, ecr];
