/** What a command answers: its exit code, and what it prints. */
export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command in this process, with what it prints meanwhile. */
export async function captured(command: () => Promise<number>): Promise<Run> {
  const result: Run = { code: 0, stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  const writes = streams.map((name) => process[name].write);
  for (const name of streams)
    process[name].write = ((text: string) => {
      result[name] += text;
      return true;
    }) as typeof process.stdout.write;
  try {
    result.code = await command();
  } finally {
    streams.forEach((name, at) => {
      process[name].write = writes[at] as typeof process.stdout.write;
    });
  }
  return result;
}
