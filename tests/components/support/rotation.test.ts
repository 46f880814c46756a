import { expect } from "chai";
import { Component } from "../../../components/support/component";
import { byTurns, generatedPassword, generatedSalt } from "../../../components/support/rotation";
import { Secret } from "../../../planner/record/values";
import { recorded } from "../../support/record";

class Store extends Component {
  constructor() {
    super("test:Store", "store");
  }
}

describe("byTurns", () => {
  const at = (rotation: number) => byTurns(rotation, (suffix, since) => `${suffix || "first"} of ${since}`);

  it("changes one of the two at each rotation, which then serves", () => {
    expect([0, 1, 2, 3, 4].map(at)).to.deep.equal([
      { current: "first of 0", previous: "-b of -1" },
      { current: "-b of 1", previous: "first of 0" },
      { current: "first of 2", previous: "-b of 1" },
      { current: "-b of 3", previous: "first of 2" },
      { current: "first of 4", previous: "-b of 3" },
    ]);
  });
});

describe("generated passwords and salts", () => {
  const inputsAt = async (rotation: number) => {
    const run = await recorded(() => {
      const store = new Store();
      generatedSalt(store, "salt", rotation);
      return { password: generatedPassword(store, "password", rotation) };
    });
    expect(run.outputs.password).to.be.instanceOf(Secret);
    return [run.inputs("store/password"), run.inputs("store/salt")];
  };

  it("have no keepers before the first rotation, so that a stack keeps what it has", async () => {
    const untouched = [{ length: 32, special: false }, { length: 16 }];
    expect(await inputsAt(-1)).to.deep.equal(untouched);
    expect(await inputsAt(0)).to.deep.equal(untouched);
  });

  it("change with the rotation", async () => {
    const keepers = { rotation: "3" };
    expect(await inputsAt(3)).to.deep.equal([
      { length: 32, special: false, keepers },
      { length: 16, keepers },
    ]);
  });
});
