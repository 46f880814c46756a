/** Schema of the headers of a route that has its effect once for each key: the caller repeats a request under the same one. */
export const idempotencyHeaders = {
  type: "object",
  properties: { "idempotency-key": { type: "string", minLength: 8, maxLength: 100 } },
  required: ["idempotency-key"],
};

export interface IdempotencyHeaders {
  "idempotency-key": string;
}
