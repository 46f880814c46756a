const keys = {
  accepted: [
    "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc",
    `arn:aws:kms:eu-west-1:123456789012:key/mrk-${"0".repeat(32)}`,
  ],
  refused: [
    "0a1b2c3d-0000-4000-8000-123456789abc",
    "alias/shop",
    "arn:aws:kms:us-east-1:123456789012:alias/shop",
    "arn:aws:kms:us-east-1:12345678901:key/0a1b2c3d-0000-4000-8000-123456789abc",
    "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abcd",
    `arn:aws:kms:eu-west-1:123456789012:key/mrk-${"0".repeat(31)}`,
  ],
};
const databaseClasses = {
  accepted: ["db.t4g.medium", "db.r7g.16xlarge"],
  refused: ["t4g.medium", "db.t4g", "db.T4g.medium", "db.t4g.medium.x", "cache.t4g.small"],
};
const digest = `@sha256:${"a".repeat(64)}`;
const instanceTypes = {
  accepted: ["t4g.large", "c7gn.xlarge", "im4gn.large", "r7g.2xlarge"],
  refused: ["t3.large", "m7i.large", "t4g", "T4g.large", "t4g.", "t4g.large.x", "large"],
};

const absolutePaths = {
  accepted: ["/", "/healthz", "/api/v1/health_check.json"],
  refused: ["", "healthz", "/a b", "/a?b=1"],
};

const namesUpTo = (max: number) => ({
  accepted: ["a", "mail", "mail-2", "a".repeat(max)],
  refused: ["2mail", "-a", "a-", "Mail", "a_b", "a.b", "a".repeat(max + 1)],
});
const names = { ...namesUpTo(40), refused: ["", ...namesUpTo(40).refused] };

const imageNames = {
  accepted: [
    "a:1",
    "ghcr.io/acme/shop:1.4.2",
    "acme/shop:latest-stable",
    `acme/shop:${"1".repeat(128)}`,
    "registry.example.com:5000/acme/shop:1.4.2",
    `shop${digest}`,
    `acme/shop:1.4.2${digest}`,
    `registry.example.com:5000/shop${digest}`,
  ],
  refused: [
    "acme/shop",
    "acme/shop:latest",
    "acme/shop:LATEST",
    "Acme/shop:1",
    "ghcr.io/acme/Shop:1",
    "ghcr.io/acme/-shop:1",
    "ghcr.io/acme/shop-:1",
    "ghcr.io/acme/sh..op:1",
    "https://ghcr.io/acme/shop:1",
    "registry.example.com:5000/acme/shop",
    "registry.example.com:5000/acme/shop:latest",
    "acme/shop:",
    "acme//shop:1",
    "acme/shop:.1",
    "acme/shop:1 2",
    ":1",
    "acme/shop@sha256:abc",
    `acme/shop:${"1".repeat(129)}`,
    `acme/shop${digest}a`,
  ],
};

/** Every field that is a string, by path: what its pattern accepts and refuses. */
export const strings: Record<string, { accepted: string[]; refused: string[] }> = {
  kubeconfig: { accepted: ["~/.kube/config", "apiVersion: v1\nkind: Config\n"], refused: ["  "] },
  context: { accepted: ["k3d-local", "arn:aws:eks:eu-west-1:123456789012:cluster/a"], refused: ["  "] },
  storageClass: { accepted: ["a", "local-path", "gp3.encrypted"], refused: ["Local", "-a", "a-", "a b", "a_b"] },
  namespacePrefix: namesUpTo(20),
  kedaNamespace: namesUpTo(63),
  "network.zones[]": {
    accepted: ["use1-az1", "apne1-az4"],
    refused: ["us-east-1a", "use1", "use1-az", "use1-az1-"],
  },
  domain: {
    accepted: ["app.example.com", "a.io", `${"x".repeat(63)}.com`, `${"a.".repeat(125)}com`],
    refused: [
      "localhost",
      "App.example.com",
      "-a.example.com",
      "a-.example.com",
      "a..com",
      "example.c",
      "example.com.",
      "https://example.com",
      "192.0.2.1",
      `${"x".repeat(64)}.com`,
      `${"a.".repeat(125)}info`,
    ],
  },
  hostedZoneId: {
    accepted: ["ZABCDE", "Z0123456789EXAMPLE", `Z${"A".repeat(31)}`],
    refused: ["Z1234", "z0123456789", "X0123456789", "/hostedzone/Z0123456789", `Z${"A".repeat(32)}`],
  },
  permissionsBoundary: {
    accepted: [
      "arn:aws:iam::123456789012:policy/shop-production-boundary",
      `arn:aws:iam::123456789012:policy/teams/a+b=c,d.e@f_g-h/${"x".repeat(480)}`,
    ],
    refused: [
      "shop-production-boundary",
      "arn:aws:iam::aws:policy/AdministratorAccess",
      "arn:aws:iam::12345678901:policy/shop",
      "arn:aws:iam::123456789012:role/shop",
      "arn:aws:iam::123456789012:policy/",
      "arn:aws:iam::123456789012:policy/a b",
      `arn:aws:iam::123456789012:policy/${"x".repeat(513)}`,
    ],
  },
  kmsKeyArn: keys,
  "postgres.kmsKeyArn": keys,
  "postgres.previous.kmsKeyArn": keys,
  "apiAccessCidrs[]": {
    accepted: ["203.0.113.7/32", "52.0.0.0/8"],
    refused: [
      "203.0.113.7",
      "203.0.113/24",
      "1.2.3.4/",
      "1.2.3.4/032",
      "010.0.0.0/8",
      "256.0.0.0/8",
      "1.2.3.4/33",
      "1234.1.1.1/24",
      "1.2.3.4.5/8",
      "2001:db8::/32",
    ],
  },
  "app.egress[].cidr": {
    accepted: ["any", "203.0.113.0/24", "0.0.0.0/0"],
    refused: ["", "all", "203.0.113.0", "203.0.113.0/33", "010.0.0.0/8", "2001:db8::/32", "anyone", "many"],
  },
  alertEmail: {
    accepted: ["ops@example.com", "first.last+tag@mail.example.com"],
    refused: ["ops", "ops@example", "@example.com", "a b@example.com", "a@b@example.com"],
  },
  costAnomalies: {
    accepted: ["new", "arn:aws:ce::123456789012:anomalymonitor/0a1b2c3d-0000-4000-8000-123456789abc"],
    refused: [
      "none",
      "news",
      "arn:aws:ce::123456789012:anomalysubscription/0a1b2c3d-0000-4000-8000-123456789abc",
      "arn:aws:ce::12345678901:anomalymonitor/0a1b2c3d-0000-4000-8000-123456789abc",
      "arn:aws:ce::123456789012:anomalymonitor/0a1b2c3d",
    ],
  },
  image: imageNames,
  "queues[].image": imageNames,
  "handover.image": imageNames,
  "queues[].name": names,
  "app.schedules[].name": names,
  "app.schedules[].schedule": {
    accepted: ["15 3 * * *", "*/5 0-6 1,15 JAN-MAR MON", "0 0 31 12 6"],
    refused: [
      "",
      "@daily",
      "15 3 * *",
      "60 3 * * *",
      "0 24 * * *",
      "0 0 0 * *",
      "0 0 * 13 *",
      "0 0 * * 7",
      "a b c d e",
    ],
  },
  "app.writable[].path": {
    accepted: ["/cache", "/app/.next/cache", "/var/lib/x_1"],
    refused: ["", "/", "cache", "/cache/", "/a b", "/app/../etc", "/app/./x", "//x"],
  },
  "registry.server": {
    accepted: ["ghcr.io", "docker.io", "registry.example.com:5000", "localhost"],
    refused: ["", "https://ghcr.io", "ghcr.io/acme", "GHCR.io", "ghcr.io:", "-a.io"],
  },
  "registry.username": { accepted: ["acme", "acme+robot", "$oauthtoken"], refused: ["", "a b"] },
  "registry.password": { accepted: ["x", "two words"], refused: ["", " "] },
  "observability.mail.host": {
    accepted: ["smtp.example.com", "email-smtp.eu-west-1.amazonaws.com", "mail", "a1.b2"],
    refused: [
      "",
      "smtp.example.com:587",
      "smtp://smtp.example.com",
      "Smtp.example.com",
      "-a.example.com",
      "a..b",
      "a b",
    ],
  },
  "observability.mail.from": {
    accepted: ["alerts@example.com"],
    refused: ["", "alerts", "alerts@example", "Alerts <alerts@example.com>"],
  },
  "observability.mail.user": { accepted: ["alerts", "alerts@example.com", "AKIA+1"], refused: ["", "a b"] },
  "observability.mail.password": { accepted: ["x", "two words"], refused: ["", " "] },
  "observability.heartbeatUrl": { accepted: ["https://beats.example.com/4711", "[secret]"], refused: ["", " "] },
  "app.healthPath": absolutePaths,
  "app.livePath": absolutePaths,
  "queues[].list": { accepted: ["x", "bull:mail:wait", "x".repeat(200)], refused: ["", "a b", "x".repeat(201)] },
  "network.cidr": {
    accepted: ["10.0.0.0/16", "10.9.0.0/16", "10.20.0.0/16", "10.199.0.0/16", "10.249.0.0/16", "10.255.0.0/16"],
    refused: ["10.256.0.0/16", "10.020.0.0/16", "10.20.1.0/16", "10.20.0.0/24", "192.168.0.0/16", "110.20.0.0/16"],
  },
  "nodes.instanceTypes[]": instanceTypes,
  "nodes.spotInstanceTypes[]": instanceTypes,
  "postgres.instanceClass": databaseClasses,
  "postgres.previous.instanceClass": databaseClasses,
  "redis.nodeType": {
    accepted: ["cache.t4g.small", "cache.r7g.16xlarge"],
    refused: ["t4g.small", "cache.t4g", "cache.T4g.small", "cache.t4g.small.x", "db.t4g.small"],
  },
};
