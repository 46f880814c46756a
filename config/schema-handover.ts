import type { z } from "zod";
import type { HandoverSettings } from "../components/postgres/handover/settings";
import { defaultMaxPauseMs } from "../handover/environment";
import { boolean, integer, object, oneOf } from "./fields";
import { containerImage } from "./schema-app";

export const handover = object(
  {
    image: containerImage({
      description:
        "Image of the handover's engine, for arm64. None is published yet: build it from the folder handover/.",
    }),
    switch: oneOf(["manual", "automatic"], {
      description: "Who switches: you, by a command, or the engine, as soon as both databases are equal.",
    }).default("manual"),
    maxPauseMs: integer({
      min: 100,
      max: 20_000,
      unit: "milliseconds",
      description:
        "The longest that clients wait for the switch. Where it takes longer, it is given up, and tried again later.",
    }).default(defaultMaxPauseMs),
    switched: boolean(
      "Let PgBouncer's pods start with the new database. Set it after the switch and before the end of the handover, so that a pod which starts again needs nobody's help.",
    ).default(false),
  },
  "Moves the database, while the product runs, from the store that the tier leaves to the one that it leads to. PgBouncer " +
    "serves the old store until the switch (docs/handover.md). Set it together with the tier, and remove it once the " +
    "handover is finished.",
) satisfies z.ZodType<HandoverSettings>;
