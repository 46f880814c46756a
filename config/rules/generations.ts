import { leastMajorVersion } from "../../components/postgres/managed/versions";
import { generationOf } from "../../tiers/generations";
import { sizes, unknownSize } from "../../tiers/sizes";
import type { Rule } from "./rule";

/** Two databases have two numbers, and only classes of the catalogue have prices and connections. */
const previousDatabase: Rule = ({ spec: { postgres } }) => {
  const { managed, previous } = postgres;
  if (!previous) return [];
  const [own, other] = [managed, previous].map(generationOf);
  const { instanceClass } = previous;
  return [
    own === other && {
      where: "postgres.previous.generation",
      given: `${other}, with postgres.generation ${own}`,
      allowed: "another number: it is another instance",
      fix: "raise postgres.generation by one for a new instance, or remove postgres.previous",
    },
    !sizes.database(instanceClass) &&
      unknownSize("postgres.previous.instanceClass", instanceClass, sizes.databaseClasses),
  ];
};

/** The way back needs no rule: it is the same handover. */
const laterVersion: Rule = ({ settings: { handover }, spec: { postgres } }) => {
  const { managed, previous } = postgres;
  if (!handover || !previous) return [];
  const { majorVersion: to = leastMajorVersion } = managed;
  const { majorVersion: from = leastMajorVersion } = previous;
  return [
    to < from && {
      where: "postgres.majorVersion",
      given: `${to}, with postgres.previous.majorVersion ${from} and handover`,
      allowed: `${from} or later: an earlier version may not take the schema of a later one`,
      fix: "raise postgres.majorVersion, or remove handover",
    },
  ];
};

/** Rules about the generations of the managed database. */
export const generations: Rule[] = [previousDatabase, laterVersion];
