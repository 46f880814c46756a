/**
 * Days that the logs of a service are kept. A service creates its log group without a retention, which keeps logs, and
 * bills for them, for ever.
 */
export const logRetentionDays = 30;
