/** Retention of a nightly dump, in days. */
export const dumpDays = 30;
/** Days back to whose every second a restore can go. */
export const pointInTimeDays = 7;
/** Retention of a nightly base backup, in days: the first of those seconds needs the one of the night before. */
export const baseDays = pointInTimeDays + 1;
/** Retention of the write-ahead log, in days: the oldest base backup needs what was written while it was made. */
export const walDays = baseDays + 1;
/** Retention of an overwritten or deleted dump, in days. */
export const oldVersionDays = 7;
