import { expect } from "chai";
import * as fc from "fast-check";
import {
  type GatewayOptions,
  gatewayFiles,
  nginxConf,
  originEntry,
  untrustedHeaders,
} from "../../../components/app/gateway";
import { maintenancePage } from "../../../components/support/maintenance";

const options: GatewayOptions = {
  port: 3000,
  healthPath: "/healthz",
  verifyOrigin: false,
  cloudFront: false,
  maintenance: false,
};

describe("gateway", () => {
  it("terminates TLS with the mounted certificate and proxies to the application's port", () => {
    const conf = nginxConf(options);
    expect(conf)
      .to.contain("server 127.0.0.1:3000 ")
      .and.to.contain("listen 10080;")
      .and.to.contain("listen 10443 ssl;");
    expect(conf).to.contain("ssl_certificate_key /etc/tierstack/tls/tls.key;");
    expect(conf).to.contain("server_tokens off;").and.to.contain('proxy_set_header X-Origin-Verify "";');
    expect(conf).to.match(/location = \/healthz \{\n\s+proxy_pass http:\/\/app;/);
    expect(conf).to.match(/location \/ \{\n\s+proxy_pass http:\/\/app;/);
  });

  it("serves metrics on a port of their own, over TLS, without the headers of a visitor", () => {
    expect(nginxConf(options)).to.not.contain("10444");
    const conf = nginxConf({ ...options, scraped: true });
    expect(conf).to.contain(nginxConf(options).slice(0, -2));
    expect(conf.slice(nginxConf(options).length - 2)).to.equal(`
  server {
    listen 10444 ssl;
    ssl_certificate /etc/tierstack/tls/tls.crt;
    ssl_certificate_key /etc/tierstack/tls/tls.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    access_log off;
    location = /metrics {
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_pass http://app;
    }
    location / {
      return 404;
    }
  }
}
`);
  });

  it("has connections for 256 requests in flight", () => {
    expect(nginxConf(options)).to.contain("worker_connections 576;");
  });

  it("logs paths without query strings, and no health checks", () => {
    const conf = nginxConf(options);
    expect(conf).to.match(/map \$uri \$logged \{\n\s+default 1;\n\s+"\/healthz" 0;\n/);
    expect(conf)
      .to.contain("access_log /dev/stdout json if=$logged;")
      .and.not.to.match(/\$(request_uri|args)/);
  });

  it("keeps every kind of temporary file in its scratch directory", () => {
    for (const kind of ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
      expect(nginxConf(options)).to.contain(`${kind}_temp_path /tmp/${kind};`);
  });

  it("takes the protocol from CloudFront, or from the proxy in front", () => {
    expect(nginxConf(options)).to.contain("map $http_x_forwarded_proto $forwarded_proto {\n    default $scheme;");
    expect(nginxConf({ ...options, cloudFront: true })).to.contain(
      "map $http_cloudfront_forwarded_proto $forwarded_proto {\n    default https;",
    );
  });

  it("sets the host and the address of the visitor, and clears every other header that names them", () => {
    for (const cloudFront of [true, false]) {
      const conf = nginxConf({ ...options, cloudFront });
      expect(conf).to.contain("proxy_set_header X-Forwarded-Host $http_host;").and.not.to.contain("x_forwarded_host");
      expect(conf).to.contain(`proxy_set_header X-Real-IP ${cloudFront ? "$viewer_address" : '""'};`);
      for (const header of untrustedHeaders) expect(conf).to.contain(`proxy_set_header ${header} "";`);
    }
  });

  it("buffers nothing", () => {
    expect(nginxConf(options)).to.contain("proxy_buffering off;").and.to.contain("proxy_request_buffering off;");
  });

  it("writes only to its scratch directory, stdout and stderr", () => {
    const paths = [...nginxConf(options).matchAll(/ (\/[\w./-]+);/g)].map((match) => match[1] as string);
    const written = paths.filter((path) => !path.startsWith("/etc/tierstack/"));
    expect(written.every((path) => path.startsWith("/tmp/"))).to.equal(true);
    expect(nginxConf(options))
      .to.contain("pid /tmp/nginx.pid;")
      .and.to.contain("client_body_temp_path /tmp/client_body;");
  });

  it("checks the origin only with verifyOrigin, and never on the health path", () => {
    expect(nginxConf(options)).not.to.contain("403").and.not.to.contain("include");
    const conf = nginxConf({ ...options, verifyOrigin: true });
    expect(conf).to.contain("map $http_x_origin_verify $origin_verified {\n    default 0;");
    expect(conf).to.contain("include /etc/tierstack/origin/origin.conf;");
    expect(conf).to.match(/location \/ \{\n\s+if \(\$origin_verified = 0\) \{\n\s+return 403;\n\s+\}\n\s+proxy_pass/);
    expect(conf).to.match(/location = \/healthz \{\n\s+proxy_pass http:\/\/app;\n\s+\}/);
  });

  it("trusts CloudFront's headers only behind CloudFront", () => {
    expect(nginxConf({ ...options, verifyOrigin: true })).not.to.contain("cloudfront");
    expect(nginxConf({ ...options, cloudFront: true })).to.contain(
      "map $http_cloudfront_viewer_address $viewer_address",
    );
  });

  it("serves the page only during maintenance", () => {
    expect(Object.keys(gatewayFiles(options))).to.deep.equal(["nginx.conf"]);
    expect(nginxConf(options)).not.to.contain("503");
    const files = gatewayFiles({ ...options, maintenance: true });
    expect(files["maintenance.html"]).to.equal(maintenancePage());
    expect(files["nginx.conf"]).to.match(
      /location \/ \{\n\s+error_page 503 \/maintenance.html;\n\s+return 503;\n\s+\}/,
    );
    expect(files["nginx.conf"]).to.contain("add_header Retry-After 300 always;");
  });

  it("matches the secret exactly", () => {
    expect(originEntry("aB3")).to.equal('"~^aB3$" 1;\n');
  });

  it("closes every brace, with any options", () => {
    const anyOptions = fc.record({
      port: fc.integer({ min: 1024, max: 65535 }),
      healthPath: fc.stringMatching(/^\/[\w./-]*$/),
      verifyOrigin: fc.boolean(),
      cloudFront: fc.boolean(),
      maintenance: fc.boolean(),
    });
    fc.assert(
      fc.property(anyOptions, (given) => {
        const conf = nginxConf(given);
        const count = (sign: string) => conf.split("").filter((character) => character === sign).length;
        expect(count("{")).to.equal(count("}"));
        for (const line of conf.split("\n")) expect(line).to.match(/[;{}'"]$|^$|include|log_format/);
        expect(conf).to.contain(`location = ${given.healthPath} {`).and.not.to.contain("undefined");
      }),
    );
  });
});
