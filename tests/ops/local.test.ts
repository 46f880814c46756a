import { expect } from "chai";
import { runLocally } from "../../ops/local";

describe("a program on the operator's machine", () => {
  const failure = (program: string, ...words: string[]) =>
    runLocally(program, words).then(
      (answer) => `no failure: ${answer}`,
      ({ message }: Error) => message,
    );

  it("returns what it writes, and gets its words and variables as they are", async () => {
    const script = 'echo noise >&2; printf "%s|%s" "$1" "$GREETING"';
    expect(await runLocally("sh", ["-c", script, "sh", "a  $b"], { GREETING: "hello" })).to.equal("a  $b|hello");
  });

  it("fails with its last line, its exit code or the reason why it does not start", async () => {
    expect(await failure("sh", "-c", "echo first >&2; echo last >&2; exit 3")).to.equal("last");
    expect(await failure("sh", "-c", "exit 3")).to.equal("exit code 3");
    expect(await failure("tierstack-no-such-program")).to.equal("spawn tierstack-no-such-program ENOENT");
  });
});
