import { expect } from "chai";
import { formatOf, formatProblem, parseArguments, stacksProblem } from "../../../planner/cli/arguments";

const parse = (...argv: string[]) => parseArguments(argv, ["format", "out"]);

describe("command line", () => {
  it("has positionals, and values by flag", () => {
    const expected = {
      switches: [],
      positionals: ["growth"],
      values: { format: "json", out: "plan.json" },
      problems: [],
    };
    expect(parse("growth", "--format", "json", "--out=plan.json")).to.deep.equal(expected);
    expect(parse("--out=plan.json", "--format", "json", "growth")).to.deep.equal(expected);
    expect(parse()).to.deep.equal({ switches: [], positionals: [], values: {}, problems: [] });
  });

  it("has the format that is asked for, else that of the file's name, else the tree", () => {
    expect(formatOf({})).to.equal("tree");
    expect(formatOf({ out: "plan.txt" })).to.equal("tree");
    expect(formatOf({ out: "folder.json/plan" })).to.equal("tree");
    expect(formatOf({ out: "plan.json" })).to.equal("json");
    expect(formatOf({ out: "plan.html" })).to.equal("html");
    expect(formatOf({ out: "plan.md" })).to.equal("markdown");
    expect(formatOf({ format: "tree", out: "plan.json" })).to.equal("tree");
  });

  it("takes the last value of a flag that is given twice", () => {
    expect(parse("--format", "json", "--format", "tree").values).to.deep.equal({ format: "tree" });
  });

  it("reports an unknown flag, with the one that is meant", () => {
    const problem = { where: "command line", given: "--formt", allowed: "--format, --out, --stack, --help, -s, -h" };
    const meant = { ...problem, fix: "did you mean --format?" };
    expect(parse("growth", "--formt", "json")).to.deep.equal({
      switches: [],
      positionals: ["growth"],
      values: {},
      problems: [meant],
    });
    expect(parse("growth", "--formt=json", "mvp").positionals).to.deep.equal(["growth", "mvp"]);
    expect(parse("--verbose").problems).to.deep.equal([{ ...problem, given: "--verbose", fix: "remove it" }]);
  });

  it("takes a stack as the Pulumi CLI does, after the others", () => {
    const forms = [["-s", "growth"], ["-sgrowth"], ["-s=growth"], ["--stack", "growth"], ["--stack=growth"]];
    for (const form of forms)
      expect(parse(...form, "--out", "a"), form.join(" ")).to.deep.equal({
        switches: [],
        positionals: ["growth"],
        values: { out: "a" },
        problems: [],
      });
    expect(parse("-s", "growth", "mvp").positionals).to.deep.equal(["mvp", "growth"]);
    expect(parse("-s", "growth", "--stack", "mvp").positionals).to.deep.equal(["growth", "mvp"]);
    const without = { allowed: "a stack", given: "nothing" };
    expect(parse("-s").problems).to.deep.equal([{ ...without, where: "-s", fix: "write -s STACK" }]);
    expect(parse("--stack=").problems).to.deep.equal([{ ...without, where: "--stack", fix: "write --stack STACK" }]);
    expect(parse("-f", "growth").problems[0]?.fix).to.equal("remove it");
  });

  it("has switches, which have no value", () => {
    const switched = (...argv: string[]) => parseArguments(argv, ["out"], ["yes"]);
    expect(switched("growth", "--yes", "--out", "a")).to.deep.equal({
      positionals: ["growth"],
      switches: ["yes"],
      values: { out: "a" },
      problems: [],
    });
    expect(switched("--yes=no").problems).to.deep.equal([
      { where: "--yes", given: "no", allowed: "no value", fix: "write --yes" },
    ]);
  });

  it("reports every flag without a value, and what it needs", () => {
    const without = (flag: string, allowed: string, value: string) => ({
      where: `--${flag}`,
      given: "nothing",
      allowed,
      fix: `write --${flag} ${value}`,
    });
    expect(parse("--out=", "--format")).to.deep.equal({
      switches: [],
      positionals: [],
      values: { out: "" },
      problems: [without("out", "a file", "FILE"), without("format", "a format", "json")],
    });
    const flags = ["base", "cwd", "from", "manifests"] as const;
    expect(parseArguments(["--base=", "--cwd=", "--from=", "--manifests"], flags).problems).to.deep.equal([
      without("base", "a plan", "PLAN.json"),
      without("cwd", "a folder", "FOLDER"),
      without("from", "a stack", "STACK"),
      without("manifests", "a folder", "FOLDER"),
    ]);
  });

  it("reports too few and too many stacks, unless a wrong flag may be why", () => {
    const wanted = { count: 1, allowed: "one stack", usage: "npm run x -- STACK" };
    const problem = { where: "command line", allowed: "one stack", fix: "write npm run x -- STACK" };
    expect(stacksProblem(parse("growth"), wanted)).to.deep.equal([]);
    expect(stacksProblem(parse(), wanted)).to.deep.equal([{ ...problem, given: "no stack" }]);
    expect(stacksProblem(parse("growth", "scale"), wanted)).to.deep.equal([{ ...problem, given: "growth scale" }]);
    expect(stacksProblem(parse("--formt", "growth"), wanted)).to.deep.equal([]);
  });

  it("reports a format that a command does not know", () => {
    expect(formatProblem("json", ["tree", "json"])).to.deep.equal([]);
    expect(formatProblem("xml", ["tree", "json"])).to.deep.equal([
      { where: "--format", given: "xml", allowed: "tree, json", fix: "choose one of them" },
    ]);
  });

  it("has every value of a flag that may be given several times", () => {
    const argv = ["--header", "a: 1", "growth", "--header=b: 2", "--out", "x", "--out", "y"];
    const { all, values, positionals, problems } = parseArguments(argv, ["header", "out"], [], ["header"]);
    expect({ all, values, positionals, problems }).to.deep.equal({
      all: { header: ["a: 1", "b: 2"] },
      values: { header: "b: 2", out: "y" },
      positionals: ["growth"],
      problems: [],
    });
  });
});
