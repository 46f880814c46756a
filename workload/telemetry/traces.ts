import { SpanStatusCode, trace } from "@opentelemetry/api";

/**
 * Runs work in a span. Without an OpenTelemetry SDK this does nothing: to export traces, load one before the program
 * (`node --import ./sdk.js`).
 */
export function span<T>(name: string, work: () => Promise<T>): Promise<T> {
  return trace.getTracer("workload").startActiveSpan(name, async (active) => {
    try {
      return await work();
    } catch (error) {
      active.recordException(error as Error);
      active.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      active.end();
    }
  });
}
