import { BadArchive, fileIn } from "./archive";
import type { GitHub } from "./github";
import { longestPage } from "./page";

/** What is used of the event of a finished run. All of it comes from GitHub; names in it are the author's choice. */
export interface FinishedRun {
  id: number;
  event: string;
  head_sha: string;
  head_branch: string;
  head_repository: { owner: { login: string } };
}

/** Name of the artifact, and of the one file in it. */
const artifactName = "preview";
const pageFile = "preview.md";

/** Largest artifact that is downloaded, in bytes. The page in it has at most 256 KiB. */
const largestArtifact = 512 * 1024;

/** The first line of the comment: how the next run finds it. GitHub does not show it. */
export const marker = "<!-- stack preview -->";

/** The login of the workflow's own token. */
const bot = "github-actions[bot]";

const intro =
  "Computed by the code of this pull request, without secrets and without an account. Read it as part of the change.";

/** References that HTML and Markdown decode to an @, with any zeros; HTML decodes numbers without the semicolon, too. */
const encodedAt = /&(?=#0*64(?!\d)|#x0*40(?![\da-f])|commat;)/gi;

/**
 * The page as it is posted. Its text may be anything: the code of the pull request wrote it. A word joiner after each @
 * keeps it from notifying people, and no other way to write an @ remains: GitHub looks for names after it has decoded
 * references. Comments in HTML could hide text or copy the marker.
 */
function commentBody(page: string): string {
  const safe = page
    .replace(/<!--/g, "&lt;!--")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be posted
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
    .replace(encodedAt, "&amp;")
    .replace(/@/g, "@\u2060");
  const shown = safe.length > longestPage ? "The preview does not fit a comment. Its run has it in the summary." : safe;
  return `${marker}\n${intro}\n\n${shown}`;
}

interface Artifact {
  id: number;
  size_in_bytes: number;
  expired: boolean;
}

async function pageOf(github: GitHub, run: FinishedRun): Promise<string> {
  const artifacts = await github.list<Artifact>(
    `actions/runs/${run.id}/artifacts?name=${artifactName}`,
    (page) => (page as { artifacts: Artifact[] }).artifacts,
  );
  const [artifact, ...more] = artifacts.filter(({ expired }) => !expired);
  if (artifact === undefined || more.length > 0)
    throw new BadArchive(artifact === undefined ? "there is none" : "there are several");
  if (artifact.size_in_bytes > largestArtifact) throw new BadArchive("it is too large");
  return fileIn(await github.bytes("GET", `actions/artifacts/${artifact.id}/zip`), pageFile);
}

interface PullRequest {
  number: number;
  head: { sha: string };
}

/**
 * Numbers of the open pull requests whose head is the commit that ran. GitHub tells them by the head's owner and branch;
 * those that have moved on get their comment from their own run.
 */
async function pullRequestsOf(github: GitHub, run: FinishedRun): Promise<number[]> {
  const head = encodeURIComponent(`${run.head_repository.owner.login}:${run.head_branch}`);
  const open = await github.list<PullRequest>(`pulls?state=open&head=${head}`);
  return open.filter((one) => one.head.sha === run.head_sha).map(({ number }) => number);
}

interface Comment {
  id: number;
  body?: string;
  user: { login: string } | null;
}

/** Creates the comment of a pull request, or updates it. Returns which. */
async function post(github: GitHub, pullRequest: number, body: string): Promise<string> {
  const comments = await github.list<Comment>(`issues/${pullRequest}/comments`);
  // Anybody may copy the marker. Only our own comment is ours to change.
  const own = comments.find((one) => one.user?.login === bot && one.body?.startsWith(marker));
  if (own === undefined) {
    await github.json("POST", `issues/${pullRequest}/comments`, { body });
    return `commented on #${pullRequest}`;
  }
  if (own.body === body) return `the comment on #${pullRequest} says the same`;
  await github.json("PATCH", `issues/comments/${own.id}`, { body });
  return `updated the comment on #${pullRequest}`;
}

/** Posts the page of a finished run to its pull request. Returns what it did, in a line. */
export async function comment(github: GitHub, run: FinishedRun): Promise<string> {
  if (run.event !== "pull_request") return `nothing to do for a run of ${run.event}`;
  const [pullRequest, ...others] = await pullRequestsOf(github, run);
  if (pullRequest === undefined) return "no open pull request has this head any more";
  // The page compares with one base; which pull request's, only the pull request's own code could say.
  if (others.length > 0) return `several pull requests have this head, so the page stays in the run's summary`;
  const body = commentBody(await pageOf(github, run));
  return post(github, pullRequest, body);
}
