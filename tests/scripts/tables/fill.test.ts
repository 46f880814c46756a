import { expect } from "chai";
import { fillTables } from "../../../scripts/tables/fill";

const tables = { sizes: () => "| a |\n| --- |\n| 1 |", prices: () => "free" };
const page = (...lines: string[]) => lines.join("\n");
const sizes = page("<!-- table: sizes -->", "", "| a |", "| --- |", "| 1 |", "", "<!-- end table -->");
const prices = page("<!-- table: prices -->", "", "free", "", "<!-- end table -->");

describe("tables in pages", () => {
  it("replaces what stands between the markers, and nothing else", () => {
    const given = page(
      "# Title",
      "<!-- table: sizes -->",
      "| a |",
      "| old |",
      "<!-- end table -->",
      "Text, `<!-- table: NAME -->` inside it.",
      "<!-- table: prices -->",
      "<!-- end table -->",
      "",
    );
    expect(fillTables({ "a.md": given, "b.md": "no table\n" }, tables)).to.deep.equal({
      pages: {
        "a.md": page("# Title", sizes, "Text, `<!-- table: NAME -->` inside it.", prices, ""),
        "b.md": "no table\n",
      },
      problems: [],
    });
  });

  it("leaves a filled page as it is", () => {
    const filled = { "a.md": page(sizes, "", prices, "") };
    expect(fillTables(filled, tables).pages).to.deep.equal(filled);
  });

  it("shows a table on several pages", () => {
    const pages = { "a.md": page(sizes, prices), "b.md": sizes };
    expect(fillTables(pages, tables)).to.deep.equal({ pages, problems: [] });
  });

  const faulty: { title: string; text: string; problem: string }[] = [
    {
      title: "a name that no table has",
      text: page(sizes, prices, "<!-- table: size -->", "<!-- end table -->"),
      problem: "a.md:13: given table size; allowed: sizes, prices; fix: correct the name",
    },
    {
      title: "a table without an end at the end of a page",
      text: page(prices, "<!-- table: sizes -->", "rest"),
      problem: "a.md:6: table sizes has no end; fix: add <!-- end table --> on a line of its own",
    },
    {
      title: "a table without an end before another",
      text: page("<!-- table: sizes -->", "text", prices),
      problem: "a.md:1: table sizes has no end; fix: add <!-- end table --> on a line of its own",
    },
    {
      title: "an end without a table",
      text: page(sizes, prices, "<!-- end table -->"),
      problem: "a.md:13: <!-- end table --> ends no table; fix: remove it, or add <!-- table: NAME -->",
    },
    {
      title: "a table that no page shows",
      text: sizes,
      problem: "no page shows table prices; fix: add <!-- table: prices --> to a page, or remove its generator",
    },
  ];
  for (const { title, text, problem } of faulty) {
    it(`reports ${title}, and that alone`, () => {
      expect(fillTables({ "a.md": text }, tables).problems).to.deep.equal([problem]);
    });
  }
});
