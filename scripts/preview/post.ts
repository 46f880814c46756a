/**
 * Posts the page of a finished preview as a comment. It runs with a token, from the base's own checkout, and reads what
 * ran before it as untrusted input. Everything it needs is in the variables that GitHub Actions sets.
 */
import { readFileSync } from "node:fs";
import { BadArchive } from "./archive";
import { comment, type FinishedRun } from "./comment";
import { GitHub, GitHubError } from "./github";

/** Posts the comment. Returns the exit code and what was done or why not. */
export async function postPreview(environment: NodeJS.ProcessEnv): Promise<{ code: number; text: string }> {
  const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_EVENT_PATH } = environment;
  if (!GITHUB_API_URL || !GITHUB_REPOSITORY || !GITHUB_TOKEN || !GITHUB_EVENT_PATH)
    return { code: 2, text: "run it in a workflow of workflow_run, with GITHUB_TOKEN" };
  const event = JSON.parse(readFileSync(GITHUB_EVENT_PATH, "utf8")) as { workflow_run: FinishedRun };
  const github = new GitHub({ api: GITHUB_API_URL, repository: GITHUB_REPOSITORY, token: GITHUB_TOKEN });
  try {
    return { code: 0, text: await comment(github, event.workflow_run) };
  } catch (error) {
    if (error instanceof BadArchive) return { code: 1, text: `the artifact is not used: ${error.message}` };
    if (error instanceof GitHubError) return { code: 1, text: error.message };
    throw error;
  }
}

if (require.main === module)
  void postPreview(process.env).then(({ code, text }) => {
    process.stdout.write(`${text}\n`);
    process.exitCode = code;
  });
