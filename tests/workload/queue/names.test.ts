import { expect } from "chai";
import { waitingList } from "../../../components/workers/scaling";
import { ConfigError } from "../../../workload/config";
import { keyOf, prefixOf, prefixOfList } from "../../../workload/queue/names";

describe("names of a queue's keys", () => {
  it("are those that the stack's autoscaler watches", () => {
    expect(keyOf("emails", "wait")).to.equal(waitingList({ name: "emails" }));
    expect(prefixOfList("emails", waitingList({ name: "emails" }))).to.equal(prefixOf("emails"));
    expect(prefixOfList("emails", "mine{a}:emails:wait")).to.equal("mine{a}");
  });

  it("refuse a list that BullMQ does not fill, or that a cluster would spread", () => {
    for (const list of ["jobs", "{emails}:other:wait", "bull:emails:wait", "{}:emails:wait", ":emails:wait"])
      expect(() => prefixOfList("emails", list), list)
        .to.throw(ConfigError)
        .with.property(
          "message",
          `WORKER_LIST: given ${list}; allowed: a prefix with a {hash tag}, then :emails:wait; ` +
            "fix: leave out `list` of the queue",
        );
  });
});
