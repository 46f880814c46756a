import { linkLocal } from "../../components/app/network-policies";
import { hostBitsProblem, overlap } from "../networks";
import type { Rule } from "./rule";

/** Link-local addresses serve the credentials of the node. */
const networks: Rule = ({ settings }) =>
  settings.app.egress.flatMap(({ cidr }, at) => {
    if (cidr === "any") return [];
    const where = `app.egress[${at}].cidr`;
    return [
      hostBitsProblem(where, cidr),
      overlap(cidr, linkLocal) && {
        where,
        given: JSON.stringify(cidr),
        allowed: `any, or a network without ${linkLocal}, where clouds serve the credentials of a node`,
        fix: "write any, which leaves that network out, or narrower networks",
      },
    ];
  });

/** Rules about connections that the application opens. */
export const egress: Rule[] = [networks];
