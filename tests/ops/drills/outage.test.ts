import { expect } from "chai";
import { outage } from "../../../ops/drills/outage";
import { fastClock } from "./clock";

describe("the watch of an outage", () => {
  /** Watches a product that serves but in some seconds, until a second after which all is done. */
  function watched(down: readonly number[], doneAfter: number, limit = 100) {
    let second = 0;
    const clock = fastClock((now) => {
      second = now;
    });
    const serves = async () => !down.includes(second);
    return outage({ serves, done: async () => second >= doneAfter }, limit, clock);
  }

  it("counts until the last second without service, and waits for what belongs to the fault", async () => {
    expect(await watched([], 0)).to.deep.equal({ seconds: 0, watched: 2, ended: true });
    expect(await watched([2, 3, 4], 0, 100)).to.deep.equal({ seconds: 4, watched: 7, ended: true });
    // Once back is not for good.
    expect(await watched([1, 4], 0)).to.deep.equal({ seconds: 4, watched: 7, ended: true });
    expect(await watched([1], 20)).to.deep.equal({ seconds: 1, watched: 20, ended: true });
  });

  it("gives up at its limit", async () => {
    const always = Array.from({ length: 100 }, (_, second) => second);
    expect(await watched(always, 0, 10)).to.deep.equal({ seconds: 10, watched: 10, ended: false });
    expect(await watched([], 50, 10)).to.deep.equal({ seconds: 0, watched: 10, ended: false });
  });
});
