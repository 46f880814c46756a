import { spawnSync } from "node:child_process";
import { expect } from "chai";
import fc from "fast-check";
import { quote, withVariables } from "../../../components/support/shell";

describe("shell variables", () => {
  const inBash = (script: string) => spawnSync("bash", ["--norc", "-s"], { input: script, encoding: "utf8" }).stdout;

  it("preserve every text", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 }).filter((word) => !word.includes("\0"));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (words) => {
        const printed = inBash(`printf '%s\\0' ${words.map(quote).join(" ")}`);
        expect(printed.split("\0").slice(0, -1)).to.deep.equal(words);
      }),
      { numRuns: 25 },
    );
  });

  it("are assigned below the first line of the script, as strings, arrays and associative arrays", () => {
    const script = withVariables('#!/bin/bash\nprintf "%s|" "$A" "${B[@]}" "${#C[@]}" "${C[a b]}"\n', {
      A: "it's $HOME",
      B: ["x", "y z"],
      C: { "a b": "one\ntwo", c: "" },
    });
    expect(script.split("\n")[0]).to.equal("#!/bin/bash");
    expect(inBash(script)).to.equal("it's $HOME|x|y z|2|one\ntwo|");
    expect(inBash(withVariables('#!/bin/bash\nset -u; echo "${#B[@]}"', { B: [] }))).to.equal("0\n");
  });

  it("have no quotes where no character means anything to a shell", () => {
    for (const plain of ["us-east-1", "/etc/x@.service", "v1.36.3+k3s1", "s3://bucket/a_b", "50%", "a,b"])
      expect(quote(plain)).to.equal(plain);
    for (const text of ["", "a b", "~", "a=b", "*", "$A", "#", "a\n", "!", "{a,b}"])
      expect(quote(text)).to.equal(`'${text}'`);
  });

  it("take the place of the script's comments, blank lines and indentation, and of no code or value", () => {
    const script = '#!/bin/sh\n# What it does.\n\necho one # two\n  # three\n  echo "#four"\n';
    expect(withVariables(script, { A: "# five\n" })).to.equal(
      "#!/bin/sh\nA='# five\n'\necho one # two\necho \"#four\"\n",
    );
  });
});
