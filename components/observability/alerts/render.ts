/** The files that Prometheus and Alertmanager read. They hold no secret. */
import { stringify } from "yaml";
import { type AlertmanagerArgs, alertmanagerConfig } from "./alertmanager";
import { helpOf } from "./help";
import type { AlertRule } from "./rule";
import { everyRule, type RuleArgs, rulesOf } from "./rules";

export interface RenderRulesArgs extends RuleArgs {
  /** Address that the runbooks' paths are appended to, such as `https://github.com/ORG/REPO/blob/main/`. @default none */
  runbooks?: string | undefined;
}

/** Anchor of a rule's heading in docs/alerts.md: its runbook. */
export const anchorOf = ({ name }: Pick<AlertRule, "name">) => `#${name.toLowerCase()}`;

/** Path of a rule's runbook in the repository. */
export const runbookOf = (rule: Pick<AlertRule, "name">) => `docs/alerts.md${anchorOf(rule)}`;

const yaml = (value: unknown) => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });

/** Renders the rule file of Prometheus: a group for each service. */
export function renderRules({ runbooks = "", ...args }: RenderRulesArgs): string {
  const rules = rulesOf(args);
  const services = [...new Set(rules.map(({ service }) => service))];
  const groups = services.map((name) => ({
    name,
    rules: rules
      .filter(({ service }) => service === name)
      .map((rule) => ({ rule, help: helpOf(rule, runbooks) }))
      .map(({ rule, help }) => ({
        alert: rule.name,
        expr: rule.expr,
        ...(rule.for && { for: rule.for }),
        ...(rule.keepFiringFor && { keep_firing_for: rule.keepFiringFor }),
        labels: { severity: rule.severity, service: rule.service },
        annotations: {
          summary: rule.summary,
          runbook: `${runbooks}${runbookOf(rule)}`,
          ...(help !== undefined && { help }),
        },
      })),
  }));
  return yaml({ groups });
}

/** Renders alertmanager.yml. */
export const renderAlertmanager = (args: AlertmanagerArgs): string => yaml(alertmanagerConfig(args, everyRule));
