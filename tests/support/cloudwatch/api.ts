/** A stand-in of the three services that the exporter of CloudWatch's figures asks, over loopback. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Policy } from "../../../scripts/deploy-role/statements";
import { isAllowed } from "../iam";
import { type Cbor, decode, encode } from "./cbor";
import { metricStatistics, Refusal, type StatisticsRequest } from "./statistics";

/** A request that was made. */
export interface AskedOfAws {
  action: string;
  region: string;
  request?: StatisticsRequest;
  /** The code of its refusal. @default it was answered */
  refused?: string;
}

/** The keys that the stand-in knows. Anybody else's signature is refused. */
export const awsKeys = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "not-a-secret" };

const account = "123456789012";

/** The region and the service that a request is signed for (IAM User Guide, "Create a signed AWS API request"). */
function signedFor({ headers }: IncomingMessage): { region: string; service: string } {
  const scope = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, /.exec(
    headers.authorization ?? "",
  );
  if (!scope) throw new Refusal("MissingAuthenticationToken", "Missing Authentication Token", 403);
  const [, key, region = "", service = ""] = scope;
  if (key !== awsKeys.AWS_ACCESS_KEY_ID)
    throw new Refusal("InvalidClientTokenId", "The security token is invalid", 403);
  return { region, service };
}

const rpcPath = /^\/service\/GraniteServiceVersion20100801\/operation\/(\w+)$/;
const services: Record<string, string> = { monitoring: "cloudwatch", sts: "sts", iam: "iam" };

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:sts::${account}:assumed-role/monitor/exporter</Arn><UserId>AROAEXAMPLE:exporter</UserId><Account>${account}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

const xmlError = ({ code, message }: Refusal) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

interface Answer {
  status: number;
  type: string;
  body: Buffer | string;
}

/**
 * CloudWatch, STS and IAM for a pod with a role. Whatever its policy does not allow is refused, but the question who one is,
 * which needs no permission (STS API Reference, "GetCallerIdentity").
 */
export class CloudWatchApi {
  readonly asked: AskedOfAws[] = [];
  url = "";
  private readonly server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { status, type, body } = this.answer(request, Buffer.concat(parts));
    response.writeHead(status, { "content-type": type, "smithy-protocol": "rpc-v2-cbor" }).end(body);
  });

  constructor(private readonly policy: Policy) {}

  static async start(policy: Policy): Promise<CloudWatchApi> {
    const api = new CloudWatchApi(policy);
    api.server.listen(0, "127.0.0.1");
    await once(api.server, "listening");
    api.url = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`;
    return api;
  }

  private answer(request: IncomingMessage, body: Buffer): Answer {
    const operation = rpcPath.exec(request.url ?? "")?.[1];
    const made: AskedOfAws = { action: "unknown", region: "" };
    this.asked.push(made);
    try {
      const { region, service } = signedFor(request);
      made.region = region;
      made.action = `${services[service]}:${operation ?? new URLSearchParams(body.toString()).get("Action")}`;
      this.authorize(made.action);
      if (made.action === "sts:GetCallerIdentity") return { status: 200, type: "text/xml", body: identity };
      made.request = decode(body) as unknown as StatisticsRequest;
      return this.rpc(200, metricStatistics(made.request, region, new Date()));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      made.refused = error.code;
      if (operation === undefined) return { status: error.status, type: "text/xml", body: xmlError(error) };
      return this.rpc(error.status, { __type: `com.amazonaws.cloudwatch#${error.code}`, message: error.message });
    }
  }

  private rpc(status: number, content: Cbor): Answer {
    return { status, type: "application/cbor", body: encode(content) };
  }

  private authorize(action: string): void {
    if (action === "sts:GetCallerIdentity") return;
    if (isAllowed([this.policy], { action, resource: "*", context: {} })) return;
    throw new Refusal("AccessDenied", `User is not authorized to perform: ${action}`, 403);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
