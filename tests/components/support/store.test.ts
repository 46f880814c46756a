import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Component } from "../../../components/support/component";
import { declaredStores, requireNetwork } from "../../../components/support/store";
import { recorded } from "../../support/record";

class Store extends Component {
  constructor() {
    super("test:Store", "postgres");
  }
}

describe("stores", () => {
  it("are the one in use, and the other only if it is kept", () => {
    const created = (inUse: "cluster" | "managed", keep: { cluster: boolean; managed: boolean }) => {
      const made: string[] = [];
      const found = declaredStores({ cluster: "cluster", managed: "managed" }, { inUse, keep }, (store) => {
        made.push(store);
        return store;
      });
      expect(found.inUse).to.equal(inUse);
      expect(found.kept).to.deep.equal(made.length > 1 ? { [made[0] as string]: made[0] } : {});
      return made;
    };
    expect(created("managed", { cluster: true, managed: true })).to.deep.equal(["cluster", "managed"]);
    expect(created("managed", { cluster: false, managed: false })).to.deep.equal(["managed"]);
  });

  it("that are managed say which network they need", async () => {
    const failure = await recorded(() => void requireNetwork(new Store(), undefined)).catch((error) => error);
    expect(pulumi.ResourceError.isInstance(failure)).to.equal(true);
    expect(failure.message).to.equal(
      "postgres.network: given nothing; allowed: a VPC and the security group of the cluster: the managed store is " +
        "created there; fix: pass network, or use the in-cluster store",
    );
  });
});
