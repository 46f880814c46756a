/** What an API server answered instead of doing what it was asked. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 409 is a conflict, 422 an invalid object. */
    readonly status: number,
    /** Kubernetes' own word: `Invalid`, `Forbidden`, `AlreadyExists`, … */
    readonly reason: string,
    what: string,
    message: string,
  ) {
    super(`${what}: ${message}`);
  }
}
