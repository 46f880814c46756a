import { expect } from "chai";
import { parseMetrics, readingOf } from "../../../planner/load/prometheus";

describe("metrics of Prometheus", () => {
  it("are read with their labels; comments and what is no number are none", () => {
    const text = '# HELP a b\n# TYPE a gauge\na 1\nb{x="y",z="}"} 2.5e3 1700000000\nc NaN\nd\n\n';
    expect([...parseMetrics(text)]).to.deep.equal([
      ["a", [{ labels: "", value: 1 }]],
      ["b", [{ labels: 'x="y",z="}"', value: 2500 }]],
    ]);
  });

  it("say the CPU of a process, or of a machine where they are of one", () => {
    expect(readingOf(parseMetrics("process_cpu_seconds_total 12.5"))).to.deep.equal({ cpuSeconds: 12.5, cpus: 1 });
    const machine = ["0", "1"].flatMap((cpu) =>
      ["idle", "iowait", "user", "system"].map(
        (mode, at) => `node_cpu_seconds_total{cpu="${cpu}",mode="${mode}"} ${at}`,
      ),
    );
    expect(readingOf(parseMetrics(["process_cpu_seconds_total 1", ...machine].join("\n")))).to.deep.equal({
      cpuSeconds: 10,
      cpus: 2,
    });
  });

  it("say the connections in use, of those there are or may be", () => {
    const pools = ["primary", "read"].flatMap((pool) => [
      `database_pool_connections{pool="${pool}",state="busy"} 3`,
      `database_pool_connections{pool="${pool}",state="idle"} 1`,
      `database_pool_connections{pool="${pool}",state="waiting"} 9`,
    ]);
    expect(readingOf(parseMetrics(pools.join("\n")))).to.deep.equal({ busy: 6, pool: 8 });
    const most = [...pools, 'database_pool_connections{pool="primary",state="maximum"} 20'];
    expect(readingOf(parseMetrics(most.join("\n")))).to.deep.equal({ busy: 6, pool: 20 });
    const held = [...pools, 'database_transaction_duration_seconds_sum{pool="primary"} 1.5'];
    expect(readingOf(parseMetrics(held.join("\n")))).to.deep.equal({ busy: 6, pool: 8, heldSeconds: 1.5 });
    expect(readingOf(parseMetrics("other 1"))).to.deep.equal({});
  });
});
