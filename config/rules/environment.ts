import type { Rule } from "./rule";

/** Longest `NAME=value` that Linux hands to a program, in bytes (MAX_ARG_STRLEN, its final NUL included). */
const longestVariable = 128 * 1024;

/** Size of a Secret that the API server takes, in bytes (Kubernetes, "Secrets"). */
const largestSecret = 1024 * 1024;

const bytes = (text: string) => Buffer.byteLength(text);

/** Variables that no container starts with. The values are not shown: they may be secret. */
const variables: Rule = ({ settings: { app } }) =>
  (["environment", "secrets"] as const).flatMap((key) =>
    Object.entries(app[key]).map(([name, value]) => {
      const where = `app.${key}.${name}`;
      const size = bytes(`${name}=${value}`) + 1;
      if (value.includes("\0"))
        return {
          where,
          given: "a text with a NUL character",
          allowed: "text without one, which ends a variable",
          fix: "encode the value, for example as base64",
        };
      return (
        size > longestVariable && {
          where,
          given: `${size} bytes`,
          allowed: `at most ${longestVariable} bytes, name included: the limit of Linux for a variable`,
          fix: "put the value into a file of the image or an object store, and its address here",
        }
      );
    }),
  );

const total: Rule = ({ settings: { app } }) =>
  (["environment", "secrets"] as const).map((key) => {
    const size = Object.entries(app[key]).reduce((sum, [name, value]) => sum + bytes(name) + bytes(value), 0);
    return (
      size > largestSecret && {
        where: `app.${key}`,
        given: `${size} bytes`,
        allowed: `at most ${largestSecret} bytes: the limit of Kubernetes for the variables of a pod`,
        fix: "put large values into an object store, and their addresses here",
      }
    );
  });

/** Rules about the application's environment variables. */
export const environment: Rule[] = [variables, total];
