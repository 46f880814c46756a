import { expect } from "chai";
import {
  differingSteps,
  followingOf,
  predictedSteps,
  previewErrors,
  previewedSteps,
  unlistedSteps,
} from "../../../planner/binding/steps";
import { type Answer, differingAnswers, editSets, editsOf, predictedAnswer } from "../../support/edits";
import recordings from "../../support/edits/recorded.json";
import { type Given, planned } from "../../support/planned";

const urn = (end: string) => `urn:pulumi:prod::tierstack::${end}`;
const step = (op: string, end: string, old: object = {}, next: object = {}) => ({
  op,
  urn: urn(end),
  oldState: { custom: true, ...old },
  newState: { custom: true, ...next },
});
const resource = (path: string, type: string, dependsOn: string[] = [], given: Given = {}) =>
  planned(path, type, given.inputs, { dependsOn, ...given });
const preview = (...steps: object[]) => previewedSteps(JSON.stringify({ steps }));

describe("steps of a preview", () => {
  it("are those of planned resources that change", () => {
    const steps = preview(
      step("same", "a:b:C::same"),
      step("read", "a:b:C::read"),
      step("create", "a:b:C::one"),
      step("update", "a:b:C$d:e:F::two"),
      step("update", "pulumi:providers:aws::default_7_48_0"),
      step("update", "pulumi:providers:kubernetes::k3s"),
      step("update", "t:own:Component::c", { custom: false }, { custom: false }),
      step("import", "a:b:C::imported"),
    );
    expect([...(steps ?? [])]).to.deep.equal([
      ["a:b:C::one", "create"],
      ["a:b:C$d:e:F::two", "update"],
      ["pulumi:providers:kubernetes::k3s", "update"],
      ["a:b:C::imported", "import"],
    ]);
  });

  it("of a deletion that an earlier deployment left over are a replacement, also beside an update", () => {
    const left = (end: string) => ({ ...step("delete-replaced", end), newState: undefined });
    const steps = preview(
      step("update", "a:b:C::after"),
      left("a:b:C::after"),
      left("a:b:C::before"),
      step("update", "a:b:C::before"),
      left("a:b:C::alone"),
    );
    expect(Object.fromEntries(steps ?? [])).to.deep.equal({
      "a:b:C::after": "replace",
      "a:b:C::before": "replace",
      "a:b:C::alone": "replace",
    });
  });

  it("tell replaced, deleted, retained and protected resources apart", () => {
    const gone = (op: string, end: string, old: object = {}) => ({ ...step(op, end, old), newState: undefined });
    const protect = { protect: true };
    const steps = preview(
      step("create-replacement", "a:b:C::replaced"),
      step("replace", "a:b:C::replaced"),
      gone("delete-replaced", "a:b:C::replaced", protect),
      step("create-replacement", "a:b:C::protected", protect, protect),
      step("create-replacement", "a:b:C::lifted", protect),
      gone("delete", "a:b:C::deleted"),
      gone("delete", "a:b:C::retained", { retainOnDelete: true }),
      gone("delete", "a:b:C::kept", { ...protect, retainOnDelete: true }),
    );
    expect(Object.fromEntries(steps ?? [])).to.deep.equal({
      "a:b:C::replaced": "replace",
      "a:b:C::protected": "refused",
      "a:b:C::lifted": "replace",
      "a:b:C::deleted": "delete",
      "a:b:C::retained": "retained",
      "a:b:C::kept": "refused",
    });
  });

  it("are none in a text that is no answer, whose errors are read apart", () => {
    expect(previewedSteps("error: no stack")).to.equal(undefined);
    expect(previewErrors("error: no stack")).to.deep.equal([]);
    const diagnostics = [
      { severity: "error", message: "boom\n" },
      { severity: "info", message: "fine" },
    ];
    expect(previewErrors(JSON.stringify({ diagnostics }))).to.deep.equal(["boom"]);
  });
});

describe("predicted steps", () => {
  it("have the ends of the engine's URNs, where the parent's type changes too", () => {
    const under = (type: string) => [
      resource("own", type, [], { custom: false }),
      resource("own/a", "aws:ec2/vpc:Vpc", [], { parent: "own" }),
    ];
    const volume = (size: number) => resource("volume", "aws:ebs/volume:Volume", [], { inputs: { size } });
    const steps = predictedSteps([...under("t:x:One"), volume(10)], [...under("t:x:Two"), volume(8)]);
    expect(Object.fromEntries(steps)).to.deep.equal({
      "t:x:One$aws:ec2/vpc:Vpc::own-a": "delete",
      "t:x:Two$aws:ec2/vpc:Vpc::own-a": "create",
      // AWS refuses it, but only after the preview.
      "aws:ebs/volume:Volume::volume": "update",
    });
  });
});

describe("predicted steps of seeded edits", () => {
  const answers: Record<string, Answer> = recordings;

  for (const [set, { count, kinds }] of Object.entries(editSets))
    it(`are those that the real engine answered, for ${count} of ${set} (tests/engine/edits.test.ts)`, async () => {
      const { before, after, kinds: drawn } = editsOf(set);
      expect([...drawn].sort()).to.deep.equal([...kinds].sort());
      expect(differingAnswers(await predictedAnswer(before, after), answers[set] as Answer)).to.deep.equal([]);
    });
});

describe("steps that are not approved", () => {
  const approved = new Map([
    ["a", "create"],
    ["b", "update"],
    ["c", "delete"],
  ]);

  it("are all that differ, in both directions", () => {
    const now = new Map([
      ["b", "replace"],
      ["c", "delete"],
      ["d", "create"],
    ]);
    expect(differingSteps(approved, approved)).to.deep.equal([]);
    expect(differingSteps(approved, now)).to.deep.equal([
      "a: approved create, now no change",
      "b: approved update, now replace",
      "d: approved no change, now create",
    ]);
  });

  it("are not the updates that may follow from approved ones, but every other op of those resources is", () => {
    const resources = [
      resource("a", "t:x:X"),
      resource("b", "t:x:X", ["a"]),
      resource("c", "t:x:X", ["b"]),
      resource("d", "t:x:X"),
    ];
    const changing = new Map([["t:x:X::a", "update"]]);
    const following = followingOf(changing, resources);
    expect([...following]).to.deep.equal(["t:x:X::b", "t:x:X::c"]);
    const now = (op: string, name: string) => new Map([...changing, [`t:x:X::${name}`, op]]);
    expect(differingSteps(changing, now("update", "c"), following)).to.deep.equal([]);
    expect(differingSteps(changing, now("replace", "c"), following)).to.have.length(1);
    expect(differingSteps(changing, now("update", "d"), following)).to.have.length(1);
    const suffix = "t:own:Own$random:index/randomId:RandomId::suffix";
    const drawn = new Map([...changing, [suffix, "replace"]]);
    expect(differingSteps(changing, drawn, new Set([suffix]))).to.deep.equal([]);
    expect(differingSteps(changing, drawn, following)).to.have.length(1);
  });

  it("are those that a plan does not list", () => {
    expect(unlistedSteps(approved)).to.deep.equal(["c: now delete, which a plan alone does not show"]);
  });

  it("may follow from a provider that changes", () => {
    const resources = [
      planned("p", "pulumi:providers:kubernetes"),
      planned("o", "kubernetes:core/v1:ConfigMap", {}, { provider: "p" }),
    ];
    const changing = new Map([["pulumi:providers:kubernetes::p", "update"]]);
    expect([...followingOf(changing, resources)]).to.deep.equal(["kubernetes:core/v1:ConfigMap::o"]);
  });
});
