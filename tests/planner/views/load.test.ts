import { expect } from "chai";
import { resultOf } from "../../../planner/load/result";
import { dryRunView, kneeText, loadView, noteTexts, rowText } from "../../../planner/views/load";
import {
  date,
  figures,
  levelOf,
  measuredOf,
  result,
  staircase,
  steady,
  stepped,
  tested,
  testOf,
} from "../load/support/measured";

const screen = { paint: (_: unknown, text: string) => text, width: 120 };

describe("the view of a load test", () => {
  it("of a rate has the thresholds with what was measured, and the figures", () => {
    expect(loadView(steady(), screen).split("\n")).to.deep.equal([
      "one, up to 100 requests/s, to https://app.example.com/v1 (startup)",
      "Every threshold is kept.",
      "  p95 40 ms, below 200 ms (service target: API p95 < 200 ms)",
      "  errors 0 %, below 1 % (healthy: errors < 1 %)",
      "",
      "asked/s  answered/s  in flight  p50    p95    p99    errors  busiest",
      "100      100         2          20 ms  40 ms  60 ms  0 %     -",
      "",
    ]);
    const broken = loadView(steady(figures(90, { p95: 512, errors: 0.1, kinds: { 503: 9, 429: 1 } })), screen);
    expect(broken).to.contain("A threshold is broken.\n  p95 512 ms, not below 200 ms");
    expect(broken).to.contain("Errors: 9 x 503, 1 x 429.\nA rate limit answered 429: raise it for the test");
  });

  it("of a staircase has the knee, what limits it and what predicted it", () => {
    expect(kneeText(result().load)).to.deep.equal([
      "Every threshold was kept up to 320 requests/s, of 300 needed.",
      "Knee: 395 requests/s, limited by connections.",
      "The levels before it predicted 400 requests/s (1.3 % off), limited by connections.",
    ]);
    const { load } = resultOf(stepped, measuredOf(staircase().slice(0, 4)), { stack: null, needed: null }, date);
    expect(kneeText(load)).to.deep.equal([
      "Every threshold was kept up to 320 requests/s.",
      "Every level kept up: the knee is beyond the highest one.",
      "The levels predict a knee at 400 requests/s, limited by connections.",
    ]);
    const none = resultOf(stepped, measuredOf([levelOf(0, 80, figures(10, { p95: 900 }))]), tested, date).load;
    expect(kneeText(none)).to.deep.equal(["No level kept every threshold, of 300 needed.", "Knee: 10 requests/s."]);
  });

  it("says what a reader must know before the figures", () => {
    const busy = { ...levelOf(0, 80, figures(80)), generator: 0.9 };
    const { load } = resultOf(stepped, measuredOf([busy], { stopped: true, unread: ["http://x/"] }), tested, date);
    expect(noteTexts(load)).to.deep.equal([
      "Stopped before its end.",
      "This computer was busy with sending: use a faster one, or several.",
      "http://x/ gave no metrics that are known.",
    ]);
  });

  it("fits narrow screens", () => {
    for (const line of loadView(result(), { ...screen, width: 40 })
      .split("\n")
      .slice(1))
      expect(line.length, line).to.be.at.most(40);
  });

  it("of a second is one line", () => {
    expect(rowText({ at: 4, rate: 80, ...figures(79, { errors: 0.02, kinds: { timeout: 2 } }) })).to.equal(
      "5 s: 80 requests/s asked, 79 answered, p95 40 ms, errors 2 % (2 x timeout)",
    );
  });

  it("of a dry run shows what would be sent, and no secret", () => {
    const text = dryRunView(testOf(), screen);
    expect(text.split("\n")).to.deep.equal([
      "one: one <request>",
      "to https://app.example.com",
      "  100 requests/s for 10 s",
      "  1000 requests in all",
      "",
      "each user, one request a second:",
      "  get: GET /v1/",
      "with every request:",
      "  authorization: [secret]",
      "",
      "thresholds: p95 below 200 ms, errors below 1 %; an answer may take 10 s",
      "nothing was sent",
      "",
    ]);
    expect(dryRunView(stepped, { ...screen, width: 400 })).to.contain(
      "  80 requests/s for 10 s, then 80 more each time, to 480 at most, or until the server no longer keeps up (40 levels at most)",
    );
  });
});
