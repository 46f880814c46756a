import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { inOwnUnits, queueProblems, readMetrics } from "../../../planner/advise/read";
import { metricFiles } from "./support";

const time = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, "0")}:00Z`;
const samples = (...values: unknown[]) => values.map((value, at) => ({ time: time(at), value }));
const good = { version: 1, series: [{ metric: "node.cpu", of: "node-1", samples: samples(50, 60, 70) }] };
const withSeries = (...series: object[]) => ({ version: 1, series });
const cpu = (more: object) => withSeries({ metric: "node.cpu", samples: samples(50, 60), ...more });

describe("a file of metrics", () => {
  const { file, pathOf, problems, textsOf } = metricFiles();
  const problemsOf = (content: unknown) => problems(file(content));

  const correct = "fix: correct it (docs/advise.md)";

  it("is read with its values in the metric's own unit", () => {
    const read = readMetrics([
      file({
        version: 1,
        stack: "growth",
        series: [
          { metric: "node.cpu", unit: "share", samples: samples(0.5, 1) },
          { metric: "app.p95", of: "api", unit: "s", samples: samples(0.2, 1.5) },
          { metric: "redis.data", unit: "bytes", samples: samples(4e9, 0) },
        ],
      }),
    ]);
    expect(read.stack).to.equal("growth");
    expect(
      read.series.map(({ metric, of, samples: all }) => [metric, of, all.map(({ value }) => value)]),
    ).to.deep.equal([
      ["node.cpu", undefined, [50, 100]],
      ["app.p95", "api", [200, 1500]],
      ["redis.data", undefined, [4, 0]],
    ]);
    expect(read.series[0]?.samples.map(({ at }) => new Date(at).toISOString())).to.deep.equal([
      "2026-11-20T10:00:00.000Z",
      "2026-11-20T10:01:00.000Z",
    ]);
  });

  it("may count connections, which are of what the database allows", () => {
    const counted = { metric: "database.connections", unit: "connections", samples: samples(50, 60) };
    const read = readMetrics([file(withSeries(counted, { ...counted, of: "b", unit: "percent" }))]);
    const values = inOwnUnits(read, 60).map((one) => one.samples.map(({ value }) => Math.round(value)));
    expect(values).to.deep.equal([
      [83, 100],
      [50, 60],
    ]);
  });

  it("says of a series without a unit that it is assumed", () => {
    const read = readMetrics([
      file(good),
      file(withSeries({ metric: "redis.cpu", unit: "percent", samples: samples(1, 2) }), "b.json"),
    ]);
    expect(read.series.map(({ unit, unitAssumed }) => [unit, unitAssumed])).to.deep.equal([
      ["percent", true],
      ["percent", undefined],
    ]);
    expect(inOwnUnits(read, 60)[0]).to.have.all.keys("metric", "of", "unitAssumed", "samples", "gaps");
  });

  it("measures queues of the stack, by their name or a label", () => {
    const waiting = (of?: string) => ({ metric: "queue.waiting", of, samples: samples(1, 2) });
    const told = (queues: string[], ...of: (string | undefined)[]) =>
      textsOf(
        queueProblems(
          readMetrics([file(withSeries({ metric: "node.cpu", of: "x", samples: samples(1, 2) }, ...of.map(waiting)))]),
          queues,
        ),
      );
    expect(told(["mails", "images"], undefined, "mails", "namespace=app, queue=images")).to.deep.equal([]);
    expect(told(["mails", "images"], "mail", "nosuchqueue")).to.deep.equal([
      `metrics.json: series 2: given queue.waiting of "mail"; allowed: the stack's queues: mails, images; fix: did you mean mails? ` +
        "(docs/advise.md)",
      `metrics.json: series 3: given queue.waiting of "nosuchqueue"; allowed: the stack's queues: mails, images; fix: name it so, or ` +
        "remove the series (docs/advise.md)",
    ]);
    expect(told([], "mail")).to.deep.equal([
      `metrics.json: series 2: given queue.waiting of "mail"; allowed: the stack's queues: it has none; fix: name it so, or remove ` +
        "the series (docs/advise.md)",
    ]);
  });

  it("may be several files", () => {
    const other = withSeries({ metric: "node.cpu", of: "node-2", samples: samples(1, 2) });
    expect(readMetrics([file(good, "a.json"), file(other, "b.json")]).series.map(({ of }) => of)).to.deep.equal([
      "node-1",
      "node-2",
    ]);
    expect(problems(file(good, "a.json"), file(good, "b.json"))).to.deep.equal([
      `b.json: series 1: given node.cpu of "node-1" again, after a.json: series 1; allowed: each series once; fix: remove one, ` +
        "or say what each is of (docs/advise.md)",
    ]);
    expect(problems(file("{", "a.json"), file({ ...good, version: 2 }, "b.json"))).to.have.length(2);
    const stacks = problems(file({ ...good, stack: "mvp" }, "a.json"), file({ ...other, stack: "growth" }, "b.json"));
    expect(stacks).to.deep.equal([
      "a.json, b.json: given the stacks mvp, growth; allowed: metrics of one stack; fix: name the files of one stack",
    ]);
  });

  it("without metrics is refused: truncated, not there, of another form or version", () => {
    const allowed = "allowed: measured metrics as JSON: version 1, or an answer of Prometheus or CloudWatch";
    const other = "fix: choose another file (docs/advise.md)";
    expect(problemsOf(JSON.stringify(good).slice(0, -9))).to.deep.equal([
      `metrics.json: given a file that is not JSON; ${allowed}; ${other}`,
    ]);
    expect(problems(pathOf("none.json"))).to.deep.equal([
      `none.json: given a file that cannot be read (ENOENT); ${allowed}; ${other}`,
    ]);
    expect(problemsOf({ ...good, version: 2 })).to.deep.equal([
      `metrics.json: version: given 2; allowed: 1; ${correct}`,
    ]);
    for (const content of [[good], null, 5, { metrics: 1 }])
      expect(problemsOf(content)).to.deep.equal([`metrics.json: given JSON of another form; ${allowed}; ${other}`]);
    expect(problemsOf({ version: 1, series: [] })).to.deep.equal([
      `metrics.json: series: given []; allowed: at least 1; ${correct}`,
    ]);
    expect(problemsOf({ ...good, colour: 1 })).to.deep.equal([
      `metrics.json: given the unknown key "colour"; allowed: the keys in docs/advise.md; fix: remove it`,
    ]);
  });

  it("names a metric that is known, and suggests one", () => {
    const [first = ""] = problemsOf(cpu({ metric: "node.cpus" }));
    expect(first).to.match(
      /^metrics\.json: series\[0\]\.metric: given "node\.cpus"; allowed: node\.cpu, node\.memory, /,
    );
    expect(first).to.match(/; fix: did you mean node\.cpu\? \(docs\/advise\.md\)$/);
    expect(problemsOf(cpu({ metric: "colour of the sky" }))[0]).to.match(
      /; fix: remove the series \(docs\/advise\.md\)$/,
    );
  });

  it("has values from 0 that the unit allows, and says once what is wrong in a series", () => {
    expect(problemsOf(cpu({ samples: samples(-1, null, "5") }))).to.deep.equal([
      `metrics.json: series[0].samples[0].value: given -1; allowed: at least 0; ${correct}`,
      `metrics.json: series[0].samples[1].value: given null, and 1 more like it in the series; allowed: a number; ${correct}`,
    ]);
    expect(problemsOf(cpu({ samples: [{ time: time(0) }, { time: time(1), value: 1 }] }))).to.deep.equal([
      `metrics.json: series[0].samples[0].value: given nothing; allowed: a number; ${correct}`,
    ]);
    expect(problemsOf(cpu({ samples: samples(50, 101, 102) }))).to.deep.equal([
      "metrics.json: series[0].samples[1].value: given 101, and 1 more like it in the series; allowed: at most 100 (percent); " +
        "fix: correct the query, or the unit",
    ]);
    expect(problemsOf(cpu({ unit: "share" }))[0]).to.match(/given 50, and 1 more .* allowed: at most 1 \(share\)/);
    expect(problemsOf(cpu({ samples: samples(1) }))).to.deep.equal([
      `metrics.json: series[0].samples: given [{"time":"2026-11-20T10:00:00Z","value":1}]; allowed: at least 2; ${correct}`,
    ]);
  });

  it("has a unit of the metric", () => {
    expect(problemsOf(cpu({ unit: "ms" }))).to.deep.equal([
      'metrics.json: series[0].unit: given "ms"; allowed: percent, share; fix: convert the values, or correct the unit',
    ]);
  });

  it("has its samples in the order of their time, each time once", () => {
    const at = (...times: string[]) => cpu({ samples: times.map((one) => ({ time: one, value: 1 })) });
    expect(problemsOf(at(time(1), time(0), time(2)))).to.deep.equal([
      "metrics.json: series[0].samples[1].time: given 2026-11-20T10:00:00Z after 2026-11-20T10:01:00Z; allowed: the earlier " +
        "sample first; fix: sort the samples by time",
    ]);
    expect(problemsOf(at(time(0), time(0), "2026-11-20T11:00:00+01:00"))).to.deep.equal([
      "metrics.json: series[0].samples[1].time: given 2026-11-20T10:00:00Z after 2026-11-20T10:00:00Z, and 1 more like it in the " +
        "series; allowed: each time once; fix: keep one sample of each time",
    ]);
    expect(problemsOf(at(time(0), "yesterday"))).to.deep.equal([
      `metrics.json: series[0].samples[1].time: given "yesterday"; allowed: a time such as 2026-11-20T10:00:00Z; ${correct}`,
    ]);
    expect(problemsOf(at(time(0), "2026-11-20T10:01:00"))[0]).to.contain("allowed: a time such as");
  });

  it("has samples close enough, and no gap as long as a window could hide", () => {
    const every = (seconds: number, offsets: number[]) =>
      cpu({
        samples: offsets.map((offset) => ({ time: new Date(offset * seconds * 1000).toISOString(), value: 1 })),
      });
    expect(problemsOf(every(301, [0, 1, 2]))).to.deep.equal([
      "metrics.json: series[0].samples: given a sample every 301 s; allowed: one every 300 s or more often; fix: query it with a " +
        "step or period of 300 s or less",
    ]);
    expect(problemsOf(every(300, [0, 1, 2]))).to.deep.equal([]);
    expect(problemsOf(every(60, [0, 1, 2, 13]))).to.deep.equal([
      "metrics.json: series[0].samples[3].time: given a gap of 11 minutes after 1970-01-01T00:02:00.000Z; allowed: at most 10 " +
        "minutes without a sample; fix: give the period before it or the one after it",
    ]);
    expect(problemsOf(every(60, [0, 1, 2, 12]))).to.deep.equal([]);
    const [read] = readMetrics([file(every(60, [0, 1, 2, 12]))]).series;
    expect(read?.gaps).to.deep.equal([{ from: 120_000, to: 720_000 }]);
  });

  it("of any content is read or refused, and never a defect", () => {
    const example = (name: string) =>
      JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "docs", "examples", name), "utf8"));
    const wholes = ["metrics.json", "prometheus.json", "cloudwatch.json"].map(example);
    /** Every place in a content. */
    const places = (value: unknown): PropertyKey[][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => [[key], ...places(inner).map((rest) => [key, ...rest])])
        : [];
    const edited = (content: object, place: PropertyKey[], value: unknown) => {
      const copy = structuredClone(content);
      const parent = place.slice(0, -1).reduce((at: object, key) => Reflect.get(at, key), copy);
      if (value === undefined) Reflect.deleteProperty(parent, place.at(-1) ?? "");
      else Reflect.set(parent, place.at(-1) ?? "", value);
      return copy;
    };
    const contents = fc
      .constantFrom(...wholes)
      .chain((whole) =>
        fc
          .tuple(fc.constantFrom(...places(whole)), fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined }))
          .map(([place, value]) => edited(whole, place, value)),
      );
    fc.assert(
      fc.property(fc.oneof(contents, fc.jsonValue()), (content) => {
        for (const line of problemsOf(content)) expect(line).to.match(/^metrics\.json: .*; allowed: .*; fix: ./);
      }),
    );
  });

  it("reports everything that is wrong, in every series", () => {
    const turned = samples(-1, null, 300).reverse();
    const wrong = withSeries(
      { metric: "node.cpu", samples: turned },
      { metric: "redis.cpu", unit: "kg", samples: samples(1, 2) },
    );
    expect(problemsOf(wrong).map((line) => line.split(";")[0])).to.deep.equal([
      "metrics.json: series[0].samples[1].value: given null",
      "metrics.json: series[0].samples[2].value: given -1",
      "metrics.json: series[0].samples[0].value: given 300",
      "metrics.json: series[0].samples[1].time: given 2026-11-20T10:01:00Z after 2026-11-20T10:02:00Z, and 1 more like it in the series",
      'metrics.json: series[1].unit: given "kg"',
    ]);
  });
});
