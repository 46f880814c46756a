/**
 * A stand-in for every provider of the stack, on the protocol the real engine speaks (`@pulumi/pulumi/proto`). It
 * creates nothing: it answers with the stand-in outputs of the planner, decides on replacement by the measured tables,
 * and remembers what it was asked to do.
 */
import { isDeepStrictEqual } from "node:util";
import * as grpc from "@grpc/grpc-js";
import * as aws from "@pulumi/aws";
import * as command from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { replacingProperties, valuesAt } from "../../planner/moves";
import { type Identity, idOf, isSecretOutput, lookUp, outputsOf } from "../../planner/record/outputs";
import { decode, encode, reveal, Secret } from "../../planner/record/values";

// The SDK exports the protocol without types.
const protocol = require("@pulumi/pulumi/proto/provider_pb");
const service = require("@pulumi/pulumi/proto/provider_grpc_pb").ResourceProviderService;
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");

/** What the engine made the provider do to a resource. */
export interface Operation {
  action: "create" | "update" | "delete";
  urn: string;
}

type Properties = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: messages of the protocol have no types
type Message = any;
type Answer = (error: unknown, response?: unknown) => void;

const DIFF_NONE = 1;
const DIFF_SOME = 2;

/** Packages that the stack's program asks of the engine. */
export const packages = Object.keys({ aws, command, kubernetes: k8s, random, tls });

const typeOf = (urn: string) => urn.split("::")[2]?.split("$").pop() ?? "";
const nameOf = (urn: string) => urn.split("::").pop() ?? "";
const open = (struct: Struct | undefined) => decode(struct?.toJavaScript() ?? {}) as Properties;
const plain = (struct: Struct | undefined) => reveal(open(struct)) as Properties;
const close = (properties: Properties) => Struct.fromJavaScript(encode(properties) as Record<string, JavaScriptValue>);

function respond<T>(make: new () => T, fill: (response: T) => void = () => {}): T {
  const response = new make();
  fill(response);
  return response;
}

function identity(urn: string, inputs: Properties): Identity {
  return { path: nameOf(urn), name: nameOf(urn), type: typeOf(urn), inputs, region: "us-east-1" };
}

function diff(request: Message) {
  const type = typeOf(request.getUrn());
  const before = plain(request.getOldInputs() ?? request.getOlds());
  const after = plain(request.getNews());
  for (const ignored of request.getIgnorechangesList()) after[ignored] = before[ignored];
  const replaces = replacingProperties(type).filter(
    (property) => !isDeepStrictEqual(valuesAt(before, property.split(".")), valuesAt(after, property.split("."))),
  );
  return respond(protocol.DiffResponse, (response: Message) => {
    response.setReplacesList(replaces.map((property) => property.split(".")[0]));
    // A Kubernetes object that keeps its name cannot stand beside its successor.
    response.setDeletebeforereplace(type.startsWith("kubernetes:") && !replaces.includes("metadata.name"));
    response.setChanges(isDeepStrictEqual(before, after) ? DIFF_NONE : DIFF_SOME);
  });
}

function create(request: Message) {
  const urn = request.getUrn();
  const inputs = open(request.getProperties());
  return respond(protocol.CreateResponse, (response: Message) => {
    if (request.getPreview()) return response.setProperties(close(inputs));
    const self = identity(urn, reveal(inputs) as Properties);
    const computed = Object.entries(outputsOf(self)).map(([property, value]) => [
      property,
      isSecretOutput(self.type, property) ? new Secret(value) : value,
    ]);
    response.setId(idOf(self));
    response.setProperties(close({ ...inputs, ...Object.fromEntries(computed) }));
  });
}

/** A kubeconfig of another cluster is another provider, as the real one decides by `clusterIdentifier`. */
function diffConfig(request: Message) {
  const [before, after] = [plain(request.getOlds()), plain(request.getNews())];
  return respond(protocol.DiffResponse, (response: Message) => {
    if (before.clusterIdentifier !== after.clusterIdentifier) response.setReplacesList(["clusterIdentifier"]);
    response.setChanges(isDeepStrictEqual(before, after) ? DIFF_NONE : DIFF_SOME);
  });
}

/** Answers of the provider by method; those that change something are remembered in `done`. */
function methods(done: Operation[]): Record<string, (request: Message) => unknown> {
  const note = (action: Operation["action"], request: Message) => {
    if (!request.getPreview?.()) done.push({ action, urn: request.getUrn() });
  };
  const checked = (request: Message) =>
    respond(protocol.CheckResponse, (response: Message) => response.setInputs(request.getNews()));
  return {
    attach: () => new Empty(),
    cancel: () => new Empty(),
    getPluginInfo: () => respond(PluginInfo, (response: Message) => response.setVersion("0.0.0")),
    getSchema: () => respond(protocol.GetSchemaResponse, (response: Message) => response.setSchema("{}")),
    checkConfig: checked,
    diffConfig,
    configure: () =>
      respond(protocol.ConfigureResponse, (response: Message) => {
        response.setAcceptsecrets(true);
        response.setSupportspreview(true);
        response.setAcceptresources(true);
      }),
    check: checked,
    diff,
    create: (request) => {
      note("create", request);
      return create(request);
    },
    read: (request) =>
      respond(protocol.ReadResponse, (response: Message) => {
        response.setId(request.getId());
        response.setProperties(request.getProperties());
      }),
    update: (request) => {
      note("update", request);
      return respond(protocol.UpdateResponse, (response: Message) => {
        const state = request.getPreview() ? {} : open(request.getOlds());
        response.setProperties(close({ ...state, ...open(request.getNews()) }));
      });
    },
    delete: (request) => {
      note("delete", request);
      return new Empty();
    },
    invoke: (request) =>
      respond(protocol.InvokeResponse, (response: Message) =>
        response.setReturn(close(lookUp(request.getTok(), plain(request.getArgs())))),
      ),
  };
}

export interface StandIn {
  /** For PULUMI_DEBUG_PROVIDERS. */
  attach: string;
  /** Everything done since the list was last emptied. */
  done: Operation[];
  stop(): void;
}

/** Starts the stand-in on a free port of the loopback. */
export async function startStandIn(): Promise<StandIn> {
  const done: Operation[] = [];
  const known = methods(done);
  const handlers = Object.fromEntries(
    Object.keys(service).map((method) => [
      method,
      ({ request }: { request: Message }, answer: Answer) => {
        const handle = known[method];
        if (!handle) return answer({ code: grpc.status.UNIMPLEMENTED, details: method });
        return answer(null, handle(request));
      },
    ]),
  );
  const limit = 256 * 1024 * 1024;
  const server = new grpc.Server({ "grpc.max_receive_message_length": limit, "grpc.max_send_message_length": limit });
  server.addService(service, handlers as unknown as grpc.UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return {
    attach: packages.map((name) => `${name}:${port}`).join(","),
    done,
    stop: () => server.forceShutdown(),
  };
}
