import { expect } from "chai";
import { helpText } from "../../../planner/cli/help";
import { commands } from "../../../planner/cli/run";

const help = {
  usage: ["npm run plan -- ONE", "npm run plan -- OTHER"],
  about: ["Shows."],
  options: [["--format tree|json", "one of two forms of the same content"]] as [string, string][],
  examples: [["npm run plan", "everything"]] as [string, string][],
  exitCodes: "0 fine.",
};

/** Whether a command is about stacks: capacity:fit is about a file. */
const takesStack = ({ usage }: { usage: string[] }) => /STACK|FROM/.test(usage.join());

describe("help", () => {
  it("has two columns where there is room", () => {
    expect(helpText(help, 60).split("\n")).to.deep.equal([
      "Usage: npm run plan -- ONE",
      "       npm run plan -- OTHER",
      "",
      "Shows.",
      "",
      "  --format tree|json   one of two forms of the same content",
      "",
      "  npm run plan   everything",
      "",
      "Exit codes: 0 fine.",
      "",
    ]);
  });

  it("has each description below its flag where there is none", () => {
    expect(helpText(help, 40).split("\n").slice(5, 8)).to.deep.equal([
      "  --format tree|json",
      "      one of two forms of the same",
      "      content",
    ]);
  });

  for (const [name, command] of Object.entries(commands))
    it(`of ${name} fits every terminal, and names -s or --stack and -h`, () => {
      for (const width of [40, 60, 80, 100, 140]) {
        const text = helpText(command.help, width);
        for (const line of text.split("\n")) expect(line.length, line).to.be.at.most(width);
        expect(text)
          .to.contain("-h, --help")
          .and.to.match(takesStack(command.help) ? /-s \w+ or --stack|--stack STACK/ : /./);
      }
    });
});
