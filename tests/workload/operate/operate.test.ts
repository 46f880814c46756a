import { expect } from "chai";
import { ConfigError } from "../../../workload/config";
import { readRequest } from "../../../workload/operate/operate";

const refusal = (...words: string[]) => {
  try {
    readRequest(words);
    return undefined;
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    return (error as ConfigError).message;
  }
};
const rest = "allowed: one request as JSON (contract/operate.ts); fix: use npm run ops";

describe("a request of an operator", () => {
  it("is one of those that there are", () => {
    for (const request of [
      { do: "switches" },
      { do: "mode", value: "read-only", seconds: 60 },
      { do: "limits", value: null },
      { do: "end", pid: 7, started: "1.5" },
      { do: "queue", act: "drain", queue: { name: "mail", list: "{mail}:mail:wait" } },
      { do: "cache", prefix: "cache:{user:", remove: true },
    ])
      expect(readRequest([JSON.stringify(request)])).to.deep.equal(request);
  });

  it("is refused in one line, without what it holds", () => {
    expect(refusal()).to.equal(`operate: given 0 words; ${rest}`);
    expect(refusal("{}", "{}")).to.equal(`operate: given 2 words; ${rest}`);
    expect(refusal("secret")).to.equal(`operate: given text that is not JSON; ${rest}`);
    expect(refusal('{"do":"drop"}')).to.equal(`operate: given JSON in which do is not as allowed; ${rest}`);
    for (const [request, fields] of [
      [{ do: "mode", value: "closed" }, "value"],
      [{ do: "mode", value: "normal", seconds: 604_801 }, "seconds"],
      [{ do: "limits", value: 0.09 }, "value"],
      [{ do: "limits", value: 101, seconds: 0 }, "value, seconds"],
      [{ do: "cache", prefix: "limit:", remove: true }, "prefix"],
      [{ do: "end", pid: 0, started: "1" }, "pid"],
    ] as const)
      expect(refusal(JSON.stringify(request))).to.equal(
        `operate: given JSON in which ${fields} is not as allowed; ${rest}`,
      );
  });
});
