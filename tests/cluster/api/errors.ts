/** An error response of an API server. */
export class ApiError extends Error {
  constructor(
    /** HTTP status, such as 409 for a conflict or 422 for an invalid object. */
    readonly status: number,
    /** Kubernetes' reason: `Invalid`, `Forbidden`, `AlreadyExists`, … */
    readonly reason: string,
    what: string,
    message: string,
  ) {
    super(`${what}: ${message}`);
  }
}
