import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { medianOf, Sampler, type Source, sampleOf, sizesOf, utilisationOf } from "../../../planner/load/sampler";

const sources: Source[] = ["a", "b", "c"].map((url, at) => ({ resource: at < 2 ? "application" : "database", url }));

describe("samples", () => {
  it("are the CPU between two readings, over all sources of a resource", () => {
    const before = {
      atMs: 0,
      readings: [
        { cpuSeconds: 1, cpus: 1 },
        { cpuSeconds: 5, cpus: 1 },
        { cpuSeconds: 9, cpus: 4 },
      ],
    };
    const after = {
      atMs: 2000,
      readings: [
        { cpuSeconds: 2, cpus: 1 },
        { cpuSeconds: 6.5, cpus: 1 },
        { cpuSeconds: 11, cpus: 4 },
      ],
    };
    expect(sampleOf(sources, before, after)).to.deep.equal({
      atMs: 2000,
      utilisation: { application: 1.25 / 2, database: 0.25 },
      sizes: { application: 2, database: 4 },
    });
  });

  it("leave out a source that did not answer, or whose process is another", () => {
    const before = { atMs: 0, readings: [undefined, { cpuSeconds: 5, cpus: 1 }, { cpuSeconds: 9, cpus: 4 }] };
    const after = {
      atMs: 1000,
      readings: [
        { cpuSeconds: 2, cpus: 1 },
        { cpuSeconds: 5.5, cpus: 1 },
        { cpuSeconds: 1, cpus: 4 },
      ],
    };
    expect(sampleOf(sources, before, after)).to.deep.equal({
      atMs: 1000,
      utilisation: { application: 0.5 },
      sizes: { application: 1 },
    });
  });

  it("count busy connections against the most that the pools had", () => {
    const reading = (busy: number, pool: number) => ({
      atMs: 1000,
      readings: [
        { busy, pool },
        { busy, pool },
      ],
    });
    const samples = [reading(1, 2), reading(4, 5)].map((after) => sampleOf(sources, { atMs: 0, readings: [] }, after));
    const sizes = sizesOf(samples);
    expect(sizes).to.deep.equal({ connections: 10 });
    expect(utilisationOf(samples, sizes)).to.deep.equal({ connections: 0.5 });
    expect(utilisationOf([], sizes)).to.deep.equal({});
  });

  it("count connections by the time of the transactions where there is one, never more than the pool has", () => {
    const at = (heldSeconds: number) => ({ busy: 2, pool: 10, heldSeconds });
    const of = (first: number, last: number) =>
      sampleOf(sources, { atMs: 0, readings: [at(first)] }, { atMs: 2000, readings: [at(last)] }).utilisation
        .connections;
    expect([of(5, 13), of(5, 50), of(5, 5)]).to.deep.equal([0.4, 1, 0]);
    // Another process: what is busy at the moment.
    expect(of(5, 1)).to.equal(0.2);
    const next = { atMs: 1000, readings: [at(99)] };
    expect(sampleOf(sources, { atMs: 0, readings: [undefined] }, next).utilisation.connections).to.equal(0.2);
  });

  it("have a middle, which a pause does not move", () => {
    expect([medianOf([3, 1, 2]), medianOf([1, 2, 3, 100]), medianOf([7]), medianOf([])]).to.deep.equal([2, 2.5, 7, 0]);
  });

  describe("of a server", () => {
    let server: Server;
    let url: string;
    let cpu = 0;
    before(async () => {
      server = createServer(({ url: path }, answer) => {
        cpu += 0.01;
        answer.statusCode = path === "/metrics" ? 200 : 404;
        answer.end(path === "/metrics" ? `process_cpu_seconds_total ${cpu}\n` : "");
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => {
      server.closeAllConnections();
      server.close();
    });

    it("come until it is stopped; addresses without known metrics are told", async () => {
      const sampler = new Sampler(
        [
          { resource: "application", url: `${url}/metrics` },
          { resource: "redis", url: `${url}/none` },
        ],
        5,
      );
      expect(await sampler.start()).to.deep.equal([`${url}/none`]);
      while (sampler.samples.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
      sampler.stop();
      const { length } = sampler.samples;
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(sampler.samples.length).to.be.at.most(length + 1);
      for (const { sizes } of sampler.samples) expect(sizes).to.deep.equal({ application: 1 });
    });

    it("of nothing are none", async () => {
      const sampler = new Sampler([], 1);
      expect(await sampler.start()).to.deep.equal([]);
      expect(sampler.samples).to.deep.equal([]);
    });
  });
});
