import { expect } from "chai";
import { Pool } from "pg";
import { parseMetrics, readingOf } from "../../../planner/load/prometheus";
import { Metrics } from "../../../workload/telemetry/metrics";

describe("the metrics of a process", () => {
  it("give what its pools may open, though they have opened none: what a load test takes for the whole", async () => {
    const pool = (max: number) => new Pool({ max });
    const metrics = new Metrics();
    metrics.watchPools({ primary: pool(5), read: pool(3) });
    const text = await metrics.registry.metrics();
    for (const state of ["busy", "idle", "waiting"])
      expect(text).to.contain(`database_pool_connections{pool="primary",state="${state}"} 0\n`);
    expect(text).to.contain('database_pool_connections{pool="primary",state="maximum"} 5\n');
    expect(text).to.contain('database_pool_connections{pool="read",state="maximum"} 3\n');
    expect(readingOf(parseMetrics(text))).to.include({ busy: 0, pool: 8 });
  });
});
