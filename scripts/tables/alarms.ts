/** The tables of docs/alarms.md. */
import { percentOf } from "../../components/alarms/budget";
import type { AlarmRule } from "../../components/alarms/rule";
import { alarmRules } from "../../components/alarms/rules";
import { watchedKinds } from "../../components/support/watched";
import { code, table } from "../markdown";

const hour = 60;
const day = 24 * hour;

function lengthOf({ period, periods }: AlarmRule): string {
  const minutes = period * periods;
  if (minutes === day) return "a day";
  return minutes === hour ? "an hour" : `${minutes} minutes`;
}

const namesOf = ({ of }: AlarmRule) =>
  "expression" in of ? Object.values(of.metrics).map(({ metric }) => metric) : [of.metric];

/** Returns the table of the alarms, by what they watch. */
export function alarmTable(): string {
  return table(
    ["alarm", "metrics", "fires", "for", "what is wrong", "look first at"],
    ["---", "---", "---", "---", "---", "---"],
    watchedKinds.flatMap((kind) =>
      alarmRules[kind].map((rule) => [
        code(`${kind}-${rule.name}`),
        namesOf(rule).map(code).join(", "),
        `${rule.is} ${rule.limit}${rule.missing === "breaching" ? ", or no data" : ""}`,
        lengthOf(rule),
        rule.says,
        rule.look,
      ]),
    ),
  );
}

/** Returns the table of what the budget mails, by whose limit it is. */
export function budgetMailTable(): string {
  const row = (limit: string, own: boolean) => {
    const { forecast, actual } = percentOf({ own });
    return [limit, `${forecast} %`, `${actual} %`];
  };
  return table(
    ["limit", "forecast of the month", "spent"],
    ["---", "---", "---"],
    [row(`${code("accountBudgetUsd")} or ${code("budgetUsd")}`, true), row("the tier's", false)],
  );
}
