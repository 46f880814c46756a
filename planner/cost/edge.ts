/** Prices of the edge: CloudFront, the firewall, their logs, names. */
import { kbPerGb, product } from "./levels";
import { type Inputs, logCharges, type Rule } from "./world";

export const distribution: Rule = (_, world) => [
  {
    item: "data to visitors",
    priceId: "cloudfront.us.t1",
    quantity: product(world.requests, world.assumed("response.kb"), 1 / kbPerGb),
    free: { id: "free.cloudfrontGb", perUnit: 1 },
  },
  {
    item: "requests of visitors",
    priceId: "cloudfront.us.https",
    quantity: product(world.requests, 1 / 10_000),
    free: { id: "free.cloudfrontRequests", perUnit: 10_000 },
  },
  {
    item: "data to the origin",
    priceId: "cloudfront.us.toorigin",
    quantity: product(world.requests, world.assumed("upload.kb"), 1 / kbPerGb),
  },
];

export const edgeFunction: Rule = (_, world) => [
  {
    item: "invocations",
    priceId: "cloudfront.function",
    quantity: product(world.requests, world.assumed("edge.functionShare"), 1e-6),
    free: { id: "free.functionCalls", perUnit: 1e6 },
  },
];

export const webAcl: Rule = ({ rules = [] }, world) => [
  { item: "web ACL", priceId: "waf.webacl", quantity: product(1) },
  { item: `${rules.length} rules`, priceId: "waf.rule", quantity: product(rules.length) },
  { item: "requests that the firewall sees", priceId: "waf.requests", quantity: product(world.requests, 1e-6) },
];

export const blockedLog: Rule = (_, world) => logCharges("blocked requests", world.assumed("logs.blockedGb"), world);

export const requestLog: Rule = (_, world) =>
  logCharges("requests", product(world.requests, world.assumed("logs.requestKb"), 1 / kbPerGb), world);

export const hostedZone: Rule = () => [{ item: "hosted zone", priceId: "route53.zone.t1", quantity: product(1) }];

/** A record is free. A zone that the stack does not make costs without it too. */
export const dnsRecord: Rule = ({ zoneId }: Inputs, world) =>
  world.ofType("aws:route53/zone:Zone").length > 0
    ? []
    : [`the hosted zone ${zoneId}, which exists without the stack (route53.zone.t1), and its queries`];
