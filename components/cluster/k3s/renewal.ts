import { readScript } from "../../support/file";
import { withVariables } from "../../support/shell";
import { systemdUnit } from "../../support/systemd";
import type { NodeTask } from "./node-task";

/**
 * Days before its end at which a certificate is renewed. k3s issues its certificates for a year. When it starts, and at no
 * other time, it renews those that expire within 120 days (k3s-io/k3s, `CertificateRenewDays`; 90 in older versions, issue
 * 12171). A node that runs for a year without a restart loses its API.
 */
const renewalDays = 90;

const program = "/usr/local/sbin/tierstack-renewal";

/**
 * Returns the work of the node that keeps k3s's own certificates valid: a check once a month, which restarts k3s if one is
 * about to expire. The API is gone for seconds; containers keep running (docs.k3s.io/upgrades/killall).
 */
export function certificateRenewal(): Pick<NodeTask, "files" | "units"> {
  return {
    files: {
      [program]: withVariables(readScript(__dirname, "renewal.sh"), { DAYS: String(renewalDays) }),
      "/etc/systemd/system/tierstack-renewal.service": systemdUnit({
        // The timer may catch up at boot, while k3s starts.
        Unit: { Description: "Renewal of the certificates of k3s", After: "k3s.service" },
        Service: { Type: "oneshot", ExecStart: program },
      }),
      "/etc/systemd/system/tierstack-renewal.timer": systemdUnit({
        Unit: { Description: "Monthly check of the certificates of k3s" },
        // Not at the time of the nightly dump, which a restart would break off.
        Timer: { OnCalendar: "*-*-01 05:41:00 UTC", RandomizedDelaySec: "600", Persistent: "true" },
      }),
    },
    units: ["tierstack-renewal.timer"],
  };
}
