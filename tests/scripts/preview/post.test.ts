import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { marker } from "../../../scripts/preview/comment";
import { postPreview } from "../../../scripts/preview/post";
import { GitHubStandIn } from "../../support/github";
import { zipOf } from "../../support/zip";

const sha = "1111111111111111111111111111111111111111";
const bot = { login: "github-actions[bot]" };
const visitor = { login: "visitor" };

describe("comment of a preview", () => {
  let github: GitHubStandIn;
  let folder: string;
  /** A fork's run. Its branch has a name that a query string would not survive. */
  const run = {
    id: 7,
    event: "pull_request",
    head_sha: sha,
    head_branch: "a&state=closed#$(id)",
    head_repository: { owner: { login: "fork" } },
  };

  beforeEach(async () => {
    github = new GitHubStandIn();
    await github.start();
    folder = mkdtempSync(join(tmpdir(), "tierstack-post-"));
    github.pullRequests = [{ number: 5, state: "open", label: `fork:${run.head_branch}`, sha }];
    upload("| stack |\n");
  });

  afterEach(() => {
    github.stop();
    rmSync(folder, { recursive: true });
  });

  const upload = (page: string | Buffer, size?: number) => {
    const zip = zipOf([{ name: "preview.md", data: Buffer.from(page) }]);
    github.artifacts = [{ id: 9, run: 7, name: "preview", zip, ...(size && { size }) }];
  };

  function post(change: object = {}, token = github.token) {
    const event = join(folder, "event.json");
    writeFileSync(event, JSON.stringify({ workflow_run: { ...run, ...change } }));
    const { api } = github;
    return postPreview({
      GITHUB_API_URL: api,
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_TOKEN: token,
      GITHUB_EVENT_PATH: event,
    });
  }

  const bodies = () => (github.comments[5] ?? []).map(({ body }) => body);
  const writes = () => github.requests.filter((request) => !request.startsWith("GET"));

  it("is created first, then updated, and left alone where nothing has changed", async () => {
    expect(await post()).to.deep.equal({ code: 0, text: "commented on #5" });
    upload("| stacks |\n");
    expect(await post()).to.deep.equal({ code: 0, text: "updated the comment on #5" });
    expect(await post()).to.deep.equal({ code: 0, text: "the comment on #5 says the same" });
    expect(bodies()).to.have.length(1);
    expect(bodies()[0]).to.match(new RegExp(`^${marker}\n[^]+\n\n\\| stacks \\|\n$`));
    expect(writes()).to.deep.equal([
      "POST /repos/acme/shop/issues/5/comments",
      "PATCH /repos/acme/shop/issues/comments/1000",
    ]);
  });

  it("is found behind hundreds of others", async () => {
    const others = Array.from({ length: 250 }, (_, at) => ({ id: at, body: "hello", user: visitor }));
    github.comments[5] = [...others, { id: 500, body: `${marker}\nold`, user: bot }];
    expect(await post()).to.deep.equal({ code: 0, text: "updated the comment on #5" });
    expect(bodies()).to.have.length(251);
  });

  it("is never somebody else's, who copied the marker, and not another comment of the bot", async () => {
    github.comments[5] = [
      { id: 1, body: `${marker}\nmine`, user: visitor },
      { id: 2, body: `Another workflow quotes ${marker}`, user: bot },
    ];
    expect(await post()).to.deep.equal({ code: 0, text: "commented on #5" });
    expect(bodies().slice(0, 2)).to.deep.equal([`${marker}\nmine`, `Another workflow quotes ${marker}`]);
  });

  it("goes to the pull request whose head ran, whatever the artifact says", async () => {
    github.pullRequests.push(
      { number: 6, state: "open", label: "acme:main", sha: "2".repeat(40) },
      { number: 4, state: "closed", label: `fork:${run.head_branch}`, sha },
    );
    upload("pull request: 6, head: 2222222222222222222222222222222222222222");
    await post();
    expect(Object.keys(github.comments)).to.deep.equal(["5"]);
  });

  it("is not posted for a head that has moved on, another event or a head of several pull requests", async () => {
    expect((await post({ head_sha: "3".repeat(40) })).text).to.equal("no open pull request has this head any more");
    expect((await post({ event: "push" })).text).to.equal("nothing to do for a run of push");
    github.pullRequests.push({ number: 6, state: "open", label: `fork:${run.head_branch}`, sha });
    expect((await post()).text).to.contain("several pull requests have this head");
    expect(writes()).to.deep.equal([]);
  });

  it("notifies nobody, hides nothing and fits, whatever the page has", async () => {
    upload(`@octocat @acme/team a@b <!-- hidden --> ${marker}\u0007\n`);
    await post();
    expect(bodies()[0]).to.contain(
      "@\u2060octocat @\u2060acme/team a@\u2060b &lt;!-- hidden --> &lt;!-- stack preview -->\n",
    );
    upload("x".repeat(65_000));
    expect(await post()).to.deep.equal({ code: 0, text: "updated the comment on #5" });
    expect(bodies()[0]).to.contain("does not fit a comment");
    // Each @ grows by a character, so that the limit holds for what is posted.
    upload("@a".repeat(31_999));
    expect((await post()).code).to.equal(0);
    expect(bodies()[0]).to.contain("does not fit a comment");
  });

  for (const [at, posted] of [
    ["&#64;", "&amp;#64;"],
    ["&#0064;", "&amp;#0064;"],
    ["&#64 ", "&amp;#64 "],
    ["&#x40;", "&amp;#x40;"],
    ["&#X0040;", "&amp;#X0040;"],
    ["&commat;", "&amp;commat;"],
  ] as const)
    it(`notifies nobody by ${at}, which GitHub decodes to an @`, async () => {
      upload(`${at}octocat\n`);
      await post();
      expect(bodies()[0]).to.contain(`\n\n${posted}octocat\n`);
    });

  it("notifies nobody by an @ before an encoded name, and leaves other references as they are", async () => {
    upload("@&#111;ctocat &#640; &#x400; &lt;b&gt; &amp;#64; R&D\n");
    await post();
    expect(bodies()[0]).to.contain("\n\n@\u2060&#111;ctocat &#640; &#x400; &lt;b&gt; &amp;#64; R&D\n");
  });

  it("does not come from an artifact that is missing, doubled, too large or damaged", async () => {
    const reasonFor = async () => {
      const { code, text } = await post();
      return `${code}: ${text}`;
    };
    upload("small", 600_000);
    expect(await reasonFor()).to.equal("1: the artifact is not used: it is too large");
    expect(github.requests.filter((request) => request.endsWith("/zip"))).to.deep.equal([]);
    upload(Buffer.alloc(20_000_000));
    expect(await reasonFor()).to.equal("1: the artifact is not used: its file is damaged or too large");
    github.artifacts.push({ ...(github.artifacts[0] as (typeof github.artifacts)[0]), id: 10 });
    expect(await reasonFor()).to.equal("1: the artifact is not used: there are several");
    github.artifacts = [];
    expect(await reasonFor()).to.equal("1: the artifact is not used: there is none");
    expect(writes()).to.deep.equal([]);
  });

  it("needs the run's token, which only the API sees", async () => {
    expect(await post({}, "another")).to.deep.equal({ code: 1, text: "GitHub answered 401 to GET pulls" });
    await post();
    expect(github.seenByStorage).to.deep.equal([undefined]);
  });

  it("says where it runs", async () => {
    expect(await postPreview({})).to.deep.equal({
      code: 2,
      text: "run it in a workflow of workflow_run, with GITHUB_TOKEN",
    });
  });
});
