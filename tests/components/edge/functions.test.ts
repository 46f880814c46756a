import vm from "node:vm";
import { expect } from "chai";
import { cacheControlOf, sharedClasses } from "../../../components/edge/behaviours";
import { cacheControlFunction, maintenanceFunction } from "../../../components/edge/functions";
import { maintenancePage, retryAfterSeconds } from "../../../components/support/maintenance";

// biome-ignore lint/suspicious/noExplicitAny: events and answers of CloudFront
function run(source: string, event: object): any {
  const context = vm.createContext({ event: structuredClone(event) });
  // A copy, because an object of another context is never deeply equal to one of this context.
  return JSON.parse(JSON.stringify(vm.runInContext(`${source}\nhandler(event);`, context)));
}

const limitBytes = 10 * 1024;

describe("edge functions", () => {
  let maintenance: string;
  const request = (uri: string) => ({ request: { method: "GET", uri, querystring: {}, headers: {}, cookies: {} } });

  beforeEach(() => {
    maintenance = maintenanceFunction({ healthPath: "/healthz", page: maintenancePage(), retryAfterSeconds });
  });

  it("maintenance returns 503 with the page and Retry-After", () => {
    for (const uri of ["/", "/api/search", "/static/app.js", "/healthz/", "/healthzz", "/HEALTHZ"]) {
      expect(run(maintenance, request(uri)), uri).to.deep.equal({
        statusCode: 503,
        statusDescription: "Service Unavailable",
        headers: {
          "content-type": { value: "text/html; charset=utf-8" },
          "cache-control": { value: "no-store" },
          "retry-after": { value: String(retryAfterSeconds) },
        },
        body: { encoding: "text", data: maintenancePage() },
      });
    }
  });

  it("maintenance passes health checks unchanged", () => {
    expect(run(maintenance, request("/healthz"))).to.deep.equal(request("/healthz").request);
  });

  it("maintenance preserves any page and path", () => {
    const page = '</script> "quoted" `${1 + 1}` \\ \u2028 ü\n';
    const source = maintenanceFunction({ healthPath: '/a"b', page, retryAfterSeconds: 7 });
    expect(run(source, request("/")).body.data).to.equal(page);
    expect(run(source, request('/a"b')).uri).to.equal('/a"b');
  });

  const cacheControl = "public, max-age=60, stale-while-revalidate=60";
  const answer = (statusCode: number, headers: object = {}) =>
    run(cacheControlFunction(cacheControl), { request: {}, response: { statusCode, headers } }).headers;

  it("cache control is added if the origin sends none", () => {
    for (const status of [200, 206, 304]) {
      expect(answer(status, { etag: { value: "1" } }), String(status)).to.deep.equal({
        etag: { value: "1" },
        "cache-control": { value: cacheControl },
      });
    }
  });

  it("cache control of the origin is kept, and errors and redirects get none", () => {
    const own = { "cache-control": { value: "no-store" } };
    expect(answer(200, own)).to.deep.equal(own);
    const expires = { expires: { value: "Thu, 01 Jan 2032 00:00:00 GMT" } };
    expect(answer(200, expires)).to.deep.equal(expires);
    for (const status of [301, 302, 404, 500, 503]) expect(answer(status), String(status)).to.deep.equal({});
  });

  it("fit CloudFront's 10 KB", () => {
    const sources = [maintenance, ...sharedClasses.map((name) => cacheControlFunction(cacheControlOf(name)))];
    for (const source of sources) expect(Buffer.byteLength(source)).to.be.below(limitBytes);
  });
});
