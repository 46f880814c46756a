import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Watched } from "../../support/watched";
import { figuresFor } from "./figures";

/** Something in CloudWatch whose dimensions are known. */
export type Known = Omit<Watched, "dimensions"> & { dimensions: Record<string, string> };

/** What the series of a resource are named by: `primary`, `replica-0`, or its kind where there is one only. */
const nameOf = ({ kind, name = kind }: Known) => name;

/**
 * Renders the configuration of the exporter: each resource by its dimensions, so that no list of the account's is asked for.
 * @param region  of what names none
 */
export const cloudwatchConfig = (watched: readonly Known[], region: string): string =>
  stringify(
    {
      apiVersion: "v1alpha1",
      static: watched.flatMap((one) => {
        const own = figuresFor(one as Watched);
        if (!own) return [];
        return {
          name: nameOf(one),
          namespace: own.namespace,
          regions: [one.region ?? region],
          // The pod's own.
          roles: [{}],
          dimensions: Object.entries(one.dimensions).map(([name, value]) => ({ name, value })),
          metrics: own.figures.map(({ metric: name, statistic, period, length }) => ({
            name,
            statistics: [statistic],
            period,
            length,
          })),
        };
      }),
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );

/** The same once the dimensions are known. */
export const cloudwatchConfigOf = (watched: readonly Watched[], region: string): pulumi.Output<string> =>
  pulumi
    .all(watched.map((one) => pulumi.output(one.dimensions).apply((dimensions): Known => ({ ...one, dimensions }))))
    .apply((known) => cloudwatchConfig(known, region));
