import { maintenancePage, retryAfterSeconds } from "../support/maintenance";
import { originHeader, ports } from "../support/names";

/*
 * The gateway: nginx in the application's pod. It terminates TLS there, so no plain-text request crosses the network
 * between a load balancer and a pod. It also rejects requests that did not come through the edge.
 */

/** Directories in the gateway's container. */
export const gatewayPaths = {
  config: "/etc/tierstack/gateway",
  tls: "/etc/tierstack/tls",
  origin: "/etc/tierstack/origin",
  /** Writable. */
  scratch: "/tmp",
} as const;

/** Path at which the application and its workers expose their metrics. */
export const metricsPath = "/metrics";

/** Key of the Secret with the origin check's map entry. */
export const originFile = "origin.conf";

/** Largest request body. Larger uploads belong in object storage, straight from the browser. */
const maxBodyMiB = 32;

/** Requests in flight or WebSockets that a pod can have at a time. */
export const requestsInFlight = 256;

/** Each of them takes two connections. The rest are idle connections. */
const maxConnections = 2 * requestsInFlight + 64;

/** Seconds. On every hop the client times out or closes an idle connection first, so no request or response meets a
 * connection just closed: Node closes idle connections after 5, a load balancer after 60. */
const seconds = { upstreamIdle: 4, clientIdle: 75, connect: 5, read: 120, drain: 30 } as const;

export interface GatewayOptions {
  /** Port on which the application listens, in the same pod. */
  port: number;
  /** Always proxied, even if other paths are rejected: probes and load balancers do not send the edge's header. */
  healthPath: string;
  /** Return 403 to requests without the edge's header. */
  verifyOrigin: boolean;
  /** Every request came through CloudFront, so its headers describe the visitor. */
  cloudFront: boolean;
  /** Return 503 with a page to everything except health checks. */
  maintenance: boolean;
  /** Serve the application's metrics to Prometheus, on a port of their own. @default false */
  scraped?: boolean | undefined;
}

/** Returns the secret part of the configuration: a map entry, as a regular expression to match case-sensitively. */
export function originEntry(secret: string): string {
  return `"~^${secret}$" 1;\n`;
}

/** Returns the files of the ConfigMap by name. */
export function gatewayFiles(options: GatewayOptions): Record<string, string> {
  return {
    "nginx.conf": nginxConf(options),
    ...(options.maintenance && { "maintenance.html": maintenancePage() }),
  };
}

/** Returns nginx.conf. It contains no secrets. */
export function nginxConf(options: GatewayOptions): string {
  const http = [
    logging(options),
    scratchPaths(),
    forwarded(options),
    options.verifyOrigin ? originMap() : "",
    proxying(options),
    server(options),
    options.scraped ? metricsServer() : "",
  ];
  return `worker_processes 1;
worker_shutdown_timeout ${seconds.drain}s;
pid ${gatewayPaths.scratch}/nginx.pid;
error_log /dev/stderr warn;

events {
  worker_connections ${maxConnections};
}

http {
${indent(http.filter((part) => part !== "").join("\n"))}}
`;
}

/** Logs paths without the query string, which may contain tokens. */
function logging({ healthPath }: GatewayOptions): string {
  return `map $uri $logged {
  default 1;
  "${healthPath}" 0;
}
log_format json escape=json '{"time":"$time_iso8601","method":"$request_method","path":"$uri","status":$status,'
  '"seconds":$request_time,"upstreamSeconds":"$upstream_response_time","bytes":$bytes_sent}';
access_log /dev/stdout json if=$logged;
`;
}

function scratchPaths(): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return kinds.map((kind) => `${kind}_temp_path ${gatewayPaths.scratch}/${kind};\n`).join("");
}

/** Headers in which frameworks look for the visitor's host, path, protocol or address. No hop of ours sets them, so the
 * visitor did: they must not reach the application. */
export const untrustedHeaders = [
  "Forwarded",
  "X-Forwarded-Port",
  "X-Forwarded-Server",
  "X-Forwarded-Prefix",
  "X-Forwarded-Scheme",
  "X-Forwarded-Ssl",
  "X-Url-Scheme",
  "Front-End-Https",
  "X-Host",
  "X-Original-Host",
  "X-Original-URL",
  "X-Rewrite-URL",
  "X-Client-IP",
  "X-Cluster-Client-IP",
  "True-Client-IP",
  "CF-Connecting-IP",
] as const;

/**
 * Variables for the headers that describe the visitor. CloudFront sends the protocol and the address in headers of its
 * own and overwrites a visitor's. It does not send them on shared paths, but redirects every visitor to HTTPS.
 * Elsewhere the proxy in front sets the protocol, and `X-Forwarded-For` ends with the address that it saw.
 */
function forwarded({ cloudFront }: GatewayOptions): string {
  const protocol = cloudFront
    ? `map $http_cloudfront_forwarded_proto $forwarded_proto {
  default https;
  http http;
}
`
    : `map $http_x_forwarded_proto $forwarded_proto {
  default $scheme;
  http http;
  https https;
}
`;
  const address = `map $http_cloudfront_viewer_address $viewer_address {
  default "";
  "~^\\[?(?<address>[0-9a-fA-F.:]+)\\]?:[0-9]+$" $address;
}
`;
  return `${protocol}${cloudFront ? address : ""}map $http_upgrade $connection_header {
  default upgrade;
  "" "";
}
`;
}

function originMap(): string {
  return `map $${variable(originHeader)} $origin_verified {
  default 0;
  include ${gatewayPaths.origin}/${originFile};
}
`;
}

/** No buffering: the application is in the same pod, a load balancer accepts data as it comes, and event streams must
 * not be delayed. */
function proxying({ port, cloudFront }: GatewayOptions): string {
  return `upstream app {
  server 127.0.0.1:${port} max_fails=0;
  keepalive 16;
  keepalive_timeout ${seconds.upstreamIdle}s;
}
proxy_http_version 1.1;
proxy_buffering off;
proxy_request_buffering off;
proxy_buffer_size 16k;
proxy_buffers 4 16k;
proxy_connect_timeout ${seconds.connect}s;
proxy_read_timeout ${seconds.read}s;
proxy_send_timeout ${seconds.read}s;
proxy_set_header Host $http_host;
proxy_set_header Connection $connection_header;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $forwarded_proto;
proxy_set_header X-Forwarded-Host $http_host;
proxy_set_header X-Real-IP ${cloudFront ? "$viewer_address" : '""'};
${[...untrustedHeaders, originHeader].map((header) => `proxy_set_header ${header} "";`).join("\n")}
client_max_body_size ${maxBodyMiB}m;
large_client_header_buffers 4 16k;
keepalive_timeout ${seconds.clientIdle}s;
server_tokens off;
absolute_redirect off;
`;
}

function server(options: GatewayOptions): string {
  const { healthPath, maintenance } = options;
  return `server {
  listen ${ports.gatewayHttp};
  listen ${ports.gatewayHttps} ssl;
  ssl_certificate ${gatewayPaths.tls}/tls.crt;
  ssl_certificate_key ${gatewayPaths.tls}/tls.key;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache shared:tls:1m;
  location = ${healthPath} {
    proxy_pass http://app;
  }
  location / {
${rootLocation(options)}  }
${maintenance ? indent(maintenanceLocation()) : ""}}
`;
}

/** Without the headers of a visitor: the application tells from them that a request is none of Prometheus'. */
function metricsServer(): string {
  return `server {
  listen ${ports.gatewayMetrics} ssl;
  ssl_certificate ${gatewayPaths.tls}/tls.crt;
  ssl_certificate_key ${gatewayPaths.tls}/tls.key;
  ssl_protocols TLSv1.2 TLSv1.3;
  access_log off;
  location = ${metricsPath} {
    proxy_set_header Host $http_host;
    proxy_set_header Connection "";
    proxy_pass http://app;
  }
  location / {
    return 404;
  }
}
`;
}

function rootLocation({ verifyOrigin, maintenance }: GatewayOptions): string {
  const verify = `    if ($origin_verified = 0) {
      return 403;
    }
`;
  const response = maintenance
    ? "    error_page 503 /maintenance.html;\n    return 503;\n"
    : "    proxy_pass http://app;\n";
  return `${verifyOrigin ? verify : ""}${response}`;
}

/** The maintenance page. A direct request for it also gets a 503. */
function maintenanceLocation(): string {
  return `location = /maintenance.html {
  internal;
  error_page 404 =503 /maintenance.html;
  root ${gatewayPaths.config};
  default_type "text/html; charset=utf-8";
  types {}
  add_header Retry-After ${retryAfterSeconds} always;
  add_header Cache-Control no-store always;
}
`;
}

/** The nginx variable of a request header. */
function variable(header: string): string {
  return `http_${header.toLowerCase().replaceAll("-", "_")}`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
