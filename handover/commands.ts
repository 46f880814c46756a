/** Commands of the image. `run` supervises a handover; the others ask it for something, or read. */
export const commands = {
  run: "Copies, follows and supervises until the handover is finished or aborted",
  inspect: "Reports what stands in the way, and changes nothing",
  status: "Reports the state of the handover",
  switch: "Moves the clients to the target",
  back: "Moves the clients back to the source, with what was written on the target",
  abort: "Before the switch: removes the handover, and what it copied to the target",
  finish: "After the switch: ends the replication. The side that clients do not use stays as it is, fenced",
} as const;

export type Command = keyof typeof commands;

/** Commands that the supervisor carries out, on request. */
export const requests = ["switch", "back", "abort", "finish"] as const satisfies Command[];
export type Request = (typeof requests)[number];

/** Exit codes: of success, of a failure, and of a refusal, which says what to change. */
export const exitCodes = { success: 0, failure: 1, refused: 2 } as const;
