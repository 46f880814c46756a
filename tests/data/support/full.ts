/** Whether the tests run at their full size, of minutes. The assertions are the same at either size. */
const isFull = process.env.TIERSTACK_FULL === "true";

/** Returns a size of the full run, or of the short one. */
export const size = (full: number, short: number): number => (isFull ? full : short);
