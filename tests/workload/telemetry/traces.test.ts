import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { span } from "../../../workload/telemetry/traces";

/** The workload's own copy: another one, of an older version, has other globals. */
const { trace } = createRequire(join(__dirname, "../../../workload/package.json"))("@opentelemetry/api");

describe("spans", () => {
  let events: string[];

  beforeEach(() => {
    events = [];
    // What an SDK registers.
    const made = (name: string) => ({
      recordException: (error: Error) => events.push(`${name} ${error.message}`),
      setStatus: ({ code }: { code: number }) => events.push(`${name} status ${code}`),
      end: () => events.push(`${name} end`),
    });
    const startActiveSpan = (name: string, work: (active: object) => unknown) => work(made(name));
    trace.setGlobalTracerProvider({ getTracer: () => ({ startActiveSpan }) });
  });

  afterEach(() => trace.disable());

  it("end with the work", async () => {
    expect(await span("outer", () => span("inner", async () => 1))).to.equal(1);
    expect(events).to.deep.equal(["inner end", "outer end"]);
  });

  it("have the error of work that fails", async () => {
    const error = await span("work", () => Promise.reject(new Error("no"))).catch((caught) => caught.message);
    expect([error, ...events]).to.deep.equal(["no", "work no", "work status 2", "work end"]);
  });

  it("are nothing without an SDK", async () => {
    trace.disable();
    expect([await span("work", async () => 2), events]).to.deep.equal([2, []]);
  });
});
