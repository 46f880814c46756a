import { linkLocal } from "../../components/app/network-policies";
import { networkOf, overlap } from "../networks";
import type { Rule } from "./rule";

/** The API server refuses or corrects host bits, and link-local addresses serve the credentials of the node. */
const networks: Rule = ({ settings }) =>
  settings.app.egress.flatMap(({ cidr }, at) => {
    if (cidr === "any") return [];
    const where = `app.egress[${at}].cidr`;
    const given = JSON.stringify(cidr);
    return [
      networkOf(cidr) !== cidr && {
        where,
        given,
        allowed: "a network whose host bits are zero",
        fix: `write ${networkOf(cidr)}`,
      },
      overlap(cidr, linkLocal) && {
        where,
        given,
        allowed: `any, or a network without ${linkLocal}, where clouds serve the credentials of a node`,
        fix: "write any, which leaves that network out, or narrower networks",
      },
    ];
  });

/** Rules about connections that the application opens. */
export const egress: Rule[] = [networks];
