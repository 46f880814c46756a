import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../../support/component";
import { uniqueName } from "../../support/unique-name";

/**
 * Returns the identifier of a new instance. It is known before the instance, whose log groups have it in their names. A
 * move down leaves its replicas in the account, and the next move up must not ask for their identifiers again.
 */
export const instanceIdentifier = (postgres: Component, child: string): pulumi.Output<string> =>
  // The longest DBInstanceIdentifier of CreateDBInstance.
  uniqueName(postgres, { child, suffix: `${child}-identifier`, maxLength: 63 });
