import { expect } from "chai";
import { helps } from "../../../../components/observability/alerts/help";
import { everyRule } from "../../../../components/observability/alerts/rules";
import { operations } from "../../../../ops/commands";
import { drills } from "../../../../ops/drills/drills";
import { commandNamed, requestOf } from "../../../../ops/request";
import { runbooks } from "../../../../ops/runbooks/pages";

describe("what helps when an alert fires", () => {
  it("is of rules that there are", () => {
    expect(everyRule.map(({ name }) => name)).to.include.members(Object.keys(helps));
  });

  it("is a page that there is, or a command that takes these words", () => {
    const pages: string[] = runbooks.map(({ name }) => name);
    for (const [name, help] of Object.entries(helps))
      if ("page" in help) expect(pages, name).to.include(help.page);
      else {
        const [words, { commands }] = "ops" in help ? [help.ops, operations] : [help.drill, drills];
        const [command = "", ...argv] = words.split(" ");
        expect(() => requestOf(commandNamed(command, commands), argv), name).not.to.throw();
      }
  });
});
