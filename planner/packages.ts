/**
 * Packages of the stack's program, and the engine's own. A stack file may configure them, and the planner knows what
 * replaces their resources: by its tables, or because no update of them matters.
 */
export const knownPackages = ["aws", "kubernetes", "random", "tls", "command", "pulumi"];
