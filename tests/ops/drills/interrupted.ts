/** Signals to this process, as far as the code under test sees them. */

/** Does some work while the end of the process is only noted. Returns the exit codes. */
export async function withoutExit(work: (exited: Promise<void>) => Promise<void>): Promise<number[]> {
  const { exit } = process;
  const codes: number[] = [];
  const exited = new Promise<void>((resolve) => {
    process.exit = ((code: number) => {
      codes.push(code);
      resolve();
    }) as typeof process.exit;
  });
  try {
    await work(exited);
  } finally {
    process.exit = exit;
  }
  return codes;
}

/** Sends a signal to this process, as the system does. Returns whether there is a handler. */
export const send = (signal: NodeJS.Signals): boolean => process.emit(signal, signal);
