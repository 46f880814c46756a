/** A command that runs at fixed times. */
export interface Schedule {
  /** Name of the schedule: lower-case letters, digits and dashes. */
  name: string;
  /** Times as a cron expression of five fields, in UTC. */
  schedule: string;
  /** Command of the container. */
  command: string[];
  /** Time after which a run is stopped, in seconds. */
  deadlineSeconds: number;
  /** CPU request of the container, in millicores. @default the application's */
  cpuMillicores?: number | undefined;
  /** Memory request and limit of the container, in MiB. @default the application's */
  memoryMiB?: number | undefined;
}

const number = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at)
    .reverse()
    .join("|");

/** One field of a cron expression: `*`, a number or a range, with a step if any, and lists of these. */
function field(values: string): string {
  const item = `(\\*|(${values})(-(${values}))?)(/[1-9]\\d?)?`;
  return `${item}(,${item})*`;
}

const months = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC";
const days = "SUN|MON|TUE|WED|THU|FRI|SAT";
const fields = [number(0, 59), number(0, 23), number(1, 31), `${number(1, 12)}|${months}`, `${number(0, 6)}|${days}`];

/** Form of a cron expression: five fields (minute, hour, day, month, day of the week). */
export const cronPattern = new RegExp(`^${fields.map(field).join(" ")}$`);

const names = [months, days].map((list) => list.split("|"));

/** A value of a field as a number: names of months count from 1, those of days from 0. */
function numberOf(value: string): number {
  const [month, day] = names.map((list) => list.indexOf(value.toUpperCase()));
  if (month !== undefined && month >= 0) return month + 1;
  return day !== undefined && day >= 0 ? day : Number(value);
}

/** The ranges of a cron expression that end before they begin, such as `10-5`. Kubernetes refuses them. */
export function reversedRanges(expression: string): string[] {
  return [...expression.matchAll(/(\w+)-(\w+)/g)]
    .filter(([, first = "", last = ""]) => numberOf(first) > numberOf(last))
    .map(([range]) => range);
}
