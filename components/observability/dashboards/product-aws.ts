/** The way to the product as AWS measures it: also what never reached a pod. */
import { limits } from "./limits";
import { figure, figureRate, figureShare } from "./selectors";
import type { Panel } from "./types";

/** Errors since the last look. AWS has no value where there were none. */
const errors = (series: string) => `sum(${figure(series)}) or vector(0)`;

export const balancer: Panel[] = [
  {
    title: "Requests at the load balancer",
    description: "Requests a second, in the last minute that AWS has. What CloudFront answers is not among them.",
    unit: "per second",
    kind: "lines",
    queries: [{ expr: figureRate("aws_applicationelb_request_count_sum"), legend: "requests" }],
  },
  {
    title: "Errors at the load balancer",
    description:
      "Answers with a status from 500 in five minutes: its own, where no pod could take a request, and those of pods. " +
      "AWS publishes late, so the newest may be missing.",
    unit: "count",
    kind: "lines",
    queries: [
      { expr: errors("aws_applicationelb_httpcode_elb_5_xx_count_sum"), legend: "its own" },
      { expr: errors("aws_applicationelb_httpcode_target_5_xx_count_sum"), legend: "of pods" },
    ],
  },
  {
    title: "Answer time at the load balancer",
    description: "Mean time that pods take to answer, their gateway and TLS included. The alarm goes by p95.",
    unit: "seconds",
    kind: "lines",
    queries: [{ expr: figure("aws_applicationelb_target_response_time_average"), legend: "mean" }],
  },
];

export const edge: Panel[] = [
  {
    title: "Requests at CloudFront",
    description: "Requests of visitors a second, in the last minute that AWS has, with those that its caches answer.",
    unit: "per second",
    kind: "lines",
    queries: [{ expr: figureRate("aws_cloudfront_requests_sum"), legend: "requests" }],
  },
  {
    title: "Errors at CloudFront",
    description: "Share of visitors' requests that were answered with a status from 500.",
    unit: "share",
    kind: "lines",
    queries: [{ expr: figureShare("aws_cloudfront_5xx_error_rate_average"), legend: "errors" }],
    limit: { at: limits.errors, side: "above" },
  },
  {
    title: "Refusals at CloudFront",
    description:
      "Share of visitors' requests that were answered with a status from 400: no such page, a limit, the firewall.",
    unit: "share",
    kind: "lines",
    queries: [{ expr: figureShare("aws_cloudfront_4xx_error_rate_average"), legend: "refusals" }],
  },
  {
    title: "Traffic of CloudFront",
    description: "Bytes a second to visitors, in the last minute that AWS has. They are what CloudFront costs.",
    unit: "bytes a second",
    kind: "lines",
    queries: [{ expr: figureRate("aws_cloudfront_bytes_downloaded_sum"), legend: "sent" }],
  },
];
