import { expect } from "chai";
import fc from "fast-check";
import { factorAt, requestsBySecond, streamsOf } from "../../../planner/load/profile";

const counts = fc.array(fc.nat(120), { minLength: 1, maxLength: 30 });

describe("the profile of a load test", () => {
  it("goes from one multiple to the next within each phase", () => {
    const phases = [
      { share: 1, from: 0, to: 1 },
      { share: 3, from: 2, to: 2 },
    ];
    expect([0, 0.125, 0.25, 0.9, 1].map((point) => factorAt(phases, point))).to.deep.equal([0, 0.5, 2, 2, 2]);
    expect(requestsBySecond(phases, 10, 8)).to.deep.equal([3, 8, 20, 20, 20, 20, 20, 20]);
  });

  it("has streams that send as many requests in each second as asked for", () => {
    fc.assert(
      fc.property(counts, (wanted) => {
        const streams = streamsOf(wanted);
        const sent = wanted.map((_, at) =>
          streams
            .filter(({ start, seconds }) => at >= start && at < start + seconds)
            .reduce((sum, { users }) => sum + users.length, 0),
        );
        expect(sent).to.deep.equal(wanted);
      }),
    );
  });

  it("has each user in one place at a time, always at the same time of the second", () => {
    fc.assert(
      fc.property(counts, (wanted) => {
        const offsets = new Map<number, number>();
        const seen = new Set<string>();
        for (const { start, seconds, offsetMs, users } of streamsOf(wanted)) {
          expect(offsetMs).to.be.within(0, 999);
          for (const user of users) {
            expect(offsets.get(user) ?? offsetMs).to.equal(offsetMs);
            offsets.set(user, offsetMs);
            for (let at = start; at < start + seconds; at++) {
              expect(seen.has(`${user} ${at}`)).to.equal(false);
              seen.add(`${user} ${at}`);
            }
          }
        }
      }),
    );
  });

  it("spreads any number of users over the second: none of its tenths has twice its part, and two", () => {
    for (const users of [1, 2, 5, 10, 17, 50, 83, 333, 1000]) {
      const tenths = Array.from({ length: 10 }, () => 0);
      for (const stream of streamsOf([users])) {
        const tenth = Math.floor(stream.offsetMs / 100);
        tenths[tenth] = (tenths[tenth] ?? 0) + stream.users.length;
      }
      expect(Math.max(...tenths), `${users}`).to.be.at.most(Math.ceil((2 * users) / 10) + 2);
    }
  });
});
