import { images } from "../../../versions";
import { containerSecurity, podSecurity } from "../../support/pods";

/** What every pod has in which an operator works with PostgreSQL's programs. It ends after a day, and its data with it. */
export const clientPod = () => ({
  activeDeadlineSeconds: 24 * 60 * 60,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  restartPolicy: "Never",
  securityContext: podSecurity(images.postgres),
  terminationGracePeriodSeconds: 5,
});

/** Its container, which waits for commands. */
export const clientContainer = (name: string) => ({
  name,
  image: images.postgres.image,
  command: ["sleep", "infinity"],
  securityContext: containerSecurity(),
});
