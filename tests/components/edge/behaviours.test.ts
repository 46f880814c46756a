import { expect } from "chai";
import fc from "fast-check";
import {
  cacheClasses,
  cacheControlOf,
  pathRules,
  pathRulesWith,
  sharedClasses,
  sharedPathPattern,
} from "../../../components/edge/behaviours";

describe("edge behaviours", () => {
  it("cache for 5 minutes, 1 hour and 24 hours", () => {
    expect(cacheClasses).to.deep.equal({
      pages: { defaultSeconds: 0, maxSeconds: 300, shared: false },
      hourly: { defaultSeconds: 3600, maxSeconds: 86400, shared: true },
      static: { defaultSeconds: 86400, maxSeconds: 31536000, shared: true },
    });
    expect(cacheControlOf("hourly")).to.equal("public, max-age=3600, stale-while-revalidate=3600");
    expect(cacheControlOf("static")).to.equal("public, max-age=86400, stale-while-revalidate=86400");
  });

  it("cache by default only what is the same for every visitor", () => {
    for (const [name, { defaultSeconds, shared }] of Object.entries(cacheClasses)) {
      expect(defaultSeconds > 0, name).to.equal(shared);
      expect((sharedClasses as readonly string[]).includes(name), name).to.equal(shared);
    }
  });

  it("never cache the API or anything below it", () => {
    expect(pathRules[0]).to.deep.equal({ pattern: "/api/*", cache: "uncached" });
  });

  it("put the health path first and repeat no pattern", () => {
    expect(pathRulesWith("/healthz").map(({ pattern }) => pattern)).to.deep.equal([
      "/healthz",
      "/api/*",
      "/static/*",
      "/assets/*",
      "/_next/static/*",
      "/images/*",
      "/favicon.ico",
      "/robots.txt",
    ]);
    const taken = pathRulesWith("/robots.txt");
    expect(taken[0]).to.deep.equal({ pattern: "/robots.txt", cache: "uncached" });
    expect(taken.filter(({ pattern }) => pattern === "/robots.txt")).to.have.length(1);
  });

  describe("the pattern of shared paths", () => {
    const pattern = sharedPathPattern();
    const matches = (path: string) => new RegExp(pattern).test(path);

    it("matches them and nothing else", () => {
      const shared = [
        "/static/app.3f2a.js",
        "/_next/static/chunks/1.js",
        "/images/a/b.png",
        "/favicon.ico",
        "/assets/",
      ];
      const others = ["/", "/api/search", "/staticx/a", "/a/static/b", "/static", "/favicon.ico/x", "/faviconXico", ""];
      for (const path of shared) expect(matches(path), path).to.equal(true);
      for (const path of others) expect(matches(path), path).to.equal(false);
    });

    it("matches no path that CloudFront would resolve to another", () => {
      for (const path of ["/static/../api/login", "/static/%2e%2e/api", "/static/..%2fapi", "/images/.."]) {
        expect(matches(path), path).to.equal(false);
      }
      const part = fc.constantFrom("/", ".", "..", "%2e", "%2F", "a", "static", "api", "images", "favicon.ico");
      fc.assert(
        fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
          const path = `/${parts.join("")}`;
          if (!matches(path)) return;
          expect(path).not.to.match(/%|\.\./);
          const rule = pathRules.find(({ pattern: p }) =>
            p.endsWith("*") ? path.startsWith(p.slice(0, -1)) : path === p,
          );
          expect(rule?.cache, path).to.be.oneOf(["hourly", "static"]);
        }),
        { numRuns: 2000 },
      );
    });

    it("is within WAF's limits: 512 characters, no capturing groups", () => {
      expect(pattern).to.have.length.below(513);
      expect(pattern).not.to.match(/\((?!\?:)/);
    });
  });
});
