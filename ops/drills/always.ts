/** Does some work and then puts back what it changed, even if it fails or the user interrupts it. */
export async function always<T>(work: () => Promise<T>, putBack: () => Promise<unknown>): Promise<T> {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const interrupted = () => void putBack().finally(() => process.exit(130));
  for (const signal of signals) process.once(signal, interrupted);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, interrupted);
    await putBack();
  }
}
