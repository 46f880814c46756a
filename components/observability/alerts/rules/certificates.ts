import { type AlertRule, cause, decimal } from "../rule";

const day = 24 * 60 * 60;
const days = { warning: 30, critical: 7 } as const;
const steps = [
  "Run `pulumi up`: certificates in their last year are issued anew, and the pods that use them restart.",
  "`pulumi stack output` says when the next one expires.",
];

/**
 * The certificates of the product's own authority. Whoever issued them knows when they expire, so the time is part of the
 * rule, and every `pulumi up` writes it anew.
 * @param expires  the first of them, in seconds since 1970
 */
export const certificateRules = (expires: number): AlertRule[] =>
  (["critical", "warning"] as const).map((severity) => ({
    name: severity === "critical" ? "CertificateAlmostExpired" : "CertificateExpires",
    service: "certificates",
    severity,
    expr: `(vector(${expires}) - time()) / ${day} < ${days[severity]}`,
    summary: `A certificate of the product's own authority expires in ${decimal} days`,
    source: `assumed: ${days[severity]} days, time for ${severity === "critical" ? "one more attempt" : "a planned deployment"}`,
    act: steps,
    ...(severity === "warning" && { inhibitedBy: [cause("CertificateAlmostExpired")] }),
  }));
