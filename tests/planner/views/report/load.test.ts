import { expect } from "chai";
import { capacitySection, movedCapacitySection } from "../../../../planner/views/report/load";
import { plan } from "../support";

const { capacity } = plan;
const rowOf = (html: string, label: string) =>
  [...(new RegExp(`<th scope="row">${label}</th>(.*)</tr>`).exec(html)?.[1] ?? "").matchAll(/<td>([^<]*)/g)].map(
    ([, cell]) => cell,
  );

describe("load in a report", () => {
  it("has every case beside what is required, as figures and as a range", () => {
    const html = capacitySection(capacity, []);
    expect(rowOf(html, "requests a minute")).to.deep.equal(["10,500", "61,700", "126,000", "20,000", ""]);
    expect(rowOf(html, "jobs a minute")).to.deep.equal(["60", "750", "2,100", "-", ""]);
    expect(html).to.contain('<rect class="range" x="8.3%" width="91.7%"');
    expect(html).to.contain('<rect class="fill" x="49%"').and.to.contain('<rect class="required" x="15.9%"');
    expect(html).to.contain(
      "<p>The estimate is not measured; first at its limit: CPU of the application (app/deployment); raised by app.maxReplicas.</p>",
    );
    expect(html).to.contain("<p>5,000 clients share the database connections; Redis has 384 MiB for data.");
  });

  it("leaves out jobs of a stack without queues, and a mark where nothing is required", () => {
    const { requestsPerMinute: _, ...required } = capacity.required;
    const html = capacitySection({ ...capacity, required, high: { ...capacity.high, jobsPerMinute: 0 } }, []);
    expect(html).not.to.contain("jobs a minute");
    expect(rowOf(html, "requests a minute")[3]).to.equal("-");
    expect(html.match(/<rect class="required"/g)).to.have.length(2);
  });

  it("has how far each resource is used when the first reaches its target, the nodes, and the assumptions", () => {
    const other = { ...capacity.bottleneck, resource: "CPU <x>", requestsPerMinute: 123_400 };
    const assumption = {
      name: "readCpuMs",
      what: "CPU of a read",
      unit: "ms",
      low: 2,
      expected: 0.5,
      high: 0.2,
      source: "<s>",
    };
    const pool = {
      pool: "general",
      cpuMillicores: { requested: 150, allocatable: 100 },
      memoryMiB: { requested: 1, allocatable: 4 },
    };
    const html = capacitySection({ ...capacity, limits: [capacity.bottleneck, other], assumptions: [assumption] }, [
      pool,
    ] as Parameters<typeof capacitySection>[1]);
    expect(html).to.contain("<span>CPU &lt;x&gt; (app/deployment)</span>");
    expect(html).to.contain('width="50%" x="0%"').and.to.contain(">123,400; raised by app.maxReplicas</span>");
    expect(html).to.contain(">150m of 100m: too much</span>").and.to.contain(">1 of 4 MiB</span>");
    expect(html).to.contain(
      '<li><code>readCpuMs</code> 0.5 ms, from 2 to 0.2: CPU of a read <span class="soft">(&lt;s&gt;)</span></li>',
    );
  });

  it("of a move has both sides beside what the new tier requires", () => {
    const html = movedCapacitySection({ ...capacity, requestsPerMinute: 31_100 }, capacity);
    expect(rowOf(html, "requests a minute")).to.deep.equal(["31,100", "61,700", "20,000"]);
    expect(html).to.contain("After the move first at its limit: CPU of the application (app/deployment);");
  });
});
