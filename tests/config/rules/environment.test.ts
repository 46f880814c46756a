import { expect } from "chai";
import { onAws, problemsOf } from "../../support/settings";

describe("rules about environment variables", () => {
  for (const key of ["environment", "secrets"] as const) {
    it(`refuse a NUL character in app.${key}, and do not repeat the value`, () => {
      expect(problemsOf({ ...onAws, app: { [key]: { KEY: "hunter2\0" } } })).to.deep.equal([
        `tierstack:app.${key}.KEY: given a text with a NUL character; allowed: text without one, which ends a variable; ` +
          "fix: encode the value, for example as base64",
      ]);
    });

    it(`refuse a variable in app.${key} that Linux does not hand on, counted in bytes`, () => {
      const value = (size: number) => "é".repeat(size / 2);
      const fits = 128 * 1024 - "KEY=".length - 2;
      expect(problemsOf({ ...onAws, app: { [key]: { KEY: value(fits) } } })).to.deep.equal([]);
      expect(problemsOf({ ...onAws, app: { [key]: { KEY: value(fits + 2) } } })).to.deep.equal([
        `tierstack:app.${key}.KEY: given 131073 bytes; allowed: at most 131072 bytes, name included: the limit of Linux ` +
          "for a variable; fix: put the value into a file of the image or an object store, and its address here",
      ]);
    });

    it(`refuse more in app.${key} than a pod can have`, () => {
      const values = (last: number) =>
        Object.fromEntries(
          Array.from({ length: 16 }, (_, at) => [`KEY_${at + 10}`, "x".repeat(at === 15 ? last : 65530)]),
        );
      expect(problemsOf({ ...onAws, app: { [key]: values(65530) } })).to.deep.equal([]);
      expect(problemsOf({ ...onAws, app: { [key]: values(65531) } })).to.deep.equal([
        `tierstack:app.${key}: given 1048577 bytes; allowed: at most 1048576 bytes: the limit of Kubernetes for the ` +
          "variables of a pod; fix: put large values into an object store, and their addresses here",
      ]);
    });
  }
});
