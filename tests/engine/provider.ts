/**
 * A fake provider for every package of the stack, on the protocol of the real engine (`@pulumi/pulumi/proto`). It
 * returns the planner's placeholder outputs, decides on replacement by the measured tables, and records its operations.
 * It creates nothing, but passes Kubernetes objects on to API servers if it has any, and refuses what AWS refuses: each
 * stack has an account of its own.
 */
import { isDeepStrictEqual } from "node:util";
import * as grpc from "@grpc/grpc-js";
import * as aws from "@pulumi/aws";
import * as command from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { valuesAt, withIgnored } from "../../planner/move/properties";
import { replacingProperties } from "../../planner/move/replacement";
import { lookUp, unanswered } from "../../planner/record/look-ups";
import { type Identity, idOf, isSecretOutput, outputsOf } from "../../planner/record/outputs";
import { takes } from "../../planner/record/properties";
import { reveal, Secret } from "../../planner/record/values";
import { Account } from "../support/account";
import type { KubernetesObject } from "../support/objects";
import type { Clusters } from "./clusters";
import {
  close,
  type Message,
  messages,
  nameOf,
  open,
  type Properties,
  plain,
  providerService,
  respond,
  stackOf,
  typeOf,
} from "./wire";

/** An operation on a resource that the engine requested. */
export interface Operation {
  action: "create" | "update" | "delete";
  urn: string;
}

/** A call from the engine. Every provider of a program has its own connection. */
interface Call {
  request: Message;
  connection: string;
}

const DIFF_NONE = 1;
const DIFF_SOME = 2;

/** Packages that the stack's program needs. */
const packages = Object.keys({ aws, command, kubernetes: k8s, random, tls });

/** Whether another region replaces a resource of a type: types without one are global. */
const isRegional = (type: string) => type.startsWith("aws:") && takes(type, "region") !== false;

function diff({ request }: Call, provider: Properties | undefined) {
  const type = typeOf(request.getUrn());
  const before = plain(request.getOldInputs() ?? request.getOlds());
  const after = withIgnored(plain(request.getNews()), request.getIgnorechangesList(), (path) => valuesAt(before, path));
  const replaces = replacingProperties({ type, before, after, provider }).filter(
    (property) => !isDeepStrictEqual(valuesAt(before, property.split(".")), valuesAt(after, property.split("."))),
  );
  // The real provider has the region in the state (internal/provider, setRegionInState, forceNewIfRegionChanges).
  const [old, next] = [plain(request.getOlds()).region, after.region ?? provider?.region];
  const moves = isRegional(type) && old !== undefined && next !== undefined && old !== next;
  if (moves) replaces.push("region");
  return respond(messages.DiffResponse, (response: Message) => {
    response.setReplacesList(replaces.map((property) => property.split(".")[0]));
    // A Kubernetes object must be deleted first if its replacement has the same name (pulumi-kubernetes, Diff).
    const stays = (property: string) =>
      isDeepStrictEqual(valuesAt(before, ["metadata", property]), valuesAt(after, ["metadata", property]));
    const isNamed = valuesAt(after, ["metadata", "name"]) !== undefined;
    response.setDeletebeforereplace(type.startsWith("kubernetes:") && isNamed && stays("name") && stays("namespace"));
    response.setChanges(isDeepStrictEqual(before, after) && !moves ? DIFF_NONE : DIFF_SOME);
  });
}

/** A kubeconfig of another cluster replaces the provider. The real one decides by `clusterIdentifier`. */
function diffConfig({ request }: Call) {
  const [before, after] = [plain(request.getOlds()), plain(request.getNews())];
  return respond(messages.DiffResponse, (response: Message) => {
    if (before.clusterIdentifier !== after.clusterIdentifier) response.setReplacesList(["clusterIdentifier"]);
    response.setChanges(isDeepStrictEqual(before, after) ? DIFF_NONE : DIFF_SOME);
  });
}

/** Returns the Kubernetes object of a resource; undefined for other resources and charts. */
function objectOf(urn: string, inputs: Properties): KubernetesObject | undefined {
  const isObject = typeOf(urn).startsWith("kubernetes:") && typeof inputs.kind === "string";
  return isObject ? (inputs as KubernetesObject) : undefined;
}

export class StandIn {
  /** Operations since the list was last cleared. */
  readonly done: Operation[] = [];
  /** Paths in the plan by `type::name`, the end of the URN. They make the outputs identical to the plan's. */
  paths = new Map<string, string>();
  /** Called and awaited before each operation. */
  before: (operation: Operation) => Promise<void> = async () => {};
  /** Value of PULUMI_DEBUG_PROVIDERS. */
  attach = "";
  private readonly server: grpc.Server;
  private readonly accounts = new Map<string, Account>();
  /** How often each resource was created. */
  private readonly lives = new Map<string, number>();

  /** Of the providers, by connection. */
  private readonly configurations = new Map<string, Properties>();

  /** @param clusters  API servers that receive the Kubernetes objects. @default none */
  constructor(private readonly clusters?: Clusters) {
    const limit = 256 * 1024 * 1024;
    this.server = new grpc.Server({ "grpc.max_receive_message_length": limit, "grpc.max_send_message_length": limit });
    this.server.addService(providerService, this.handlers() as grpc.UntypedServiceImplementation);
  }

  /** Returns the AWS account of a stack. */
  account(stack: string): Account {
    const account = this.accounts.get(stack) ?? new Account();
    this.accounts.set(stack, account);
    return account;
  }

  /** Starts on a free loopback port. */
  async start(): Promise<void> {
    const port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    this.attach = packages.map((name) => `${name}:${port}`).join(",");
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private handlers(): Record<string, grpc.handleUnaryCall<Message, Message>> {
    const methods = this.methods();
    const dispatch = async (method: string, call: Call) => {
      const handle = methods[method];
      if (!handle) throw Object.assign(new Error(method), { code: grpc.status.UNIMPLEMENTED });
      return handle(call);
    };
    const handler =
      (method: string): grpc.handleUnaryCall<Message, Message> =>
      (call, callback) => {
        dispatch(method, { request: call.request, connection: call.getPeer() }).then(
          (response) => callback(null, response),
          ({ code = grpc.status.UNKNOWN, message }) => callback({ code, details: message }),
        );
      };
    return Object.fromEntries(Object.keys(providerService).map((method) => [method, handler(method)]));
  }

  /** Handlers by gRPC method. */
  private methods(): Record<string, (call: Call) => unknown> {
    const checked = ({ request }: Call) =>
      respond(messages.CheckResponse, (response: Message) => response.setInputs(request.getNews()));
    return {
      attach: () => new Empty(),
      cancel: () => new Empty(),
      getPluginInfo: () => respond(messages.PluginInfo, (response: Message) => response.setVersion("0.0.0")),
      getSchema: () => respond(messages.GetSchemaResponse, (response: Message) => response.setSchema("{}")),
      checkConfig: checked,
      diffConfig,
      configure: (call) => this.configure(call),
      check: checked,
      diff: (call) => diff(call, this.configurations.get(call.connection)),
      create: (call) => this.create(call),
      read: ({ request }) =>
        respond(messages.ReadResponse, (response: Message) => {
          response.setId(request.getId());
          response.setProperties(request.getProperties());
        }),
      update: (call) => this.update(call),
      delete: (call) => this.delete(call),
      invoke: ({ request }) => {
        const asked = plain(request.getArgs());
        const found = lookUp(request.getTok(), asked);
        if (!found) throw new Error(unanswered(request.getTok()));
        return respond(messages.InvokeResponse, (response: Message) =>
          response.setReturn(close({ ...asked, ...found.result })),
        );
      },
    };
  }

  private configure({ request, connection }: Call) {
    const urn = request.getUrn();
    const configuration = plain(request.getArgs());
    this.configurations.set(connection, configuration);
    if (typeOf(urn) === "pulumi:providers:kubernetes") {
      const { clusterIdentifier, kubeconfig } = configuration;
      this.clusters?.connect(connection, stackOf(urn), String(clusterIdentifier ?? kubeconfig));
    }
    return respond(messages.ConfigureResponse, (response: Message) => {
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setAcceptresources(true);
    });
  }

  /** Applies an operation to the cluster, and records it. */
  private async perform(action: Operation["action"], { request, connection }: Call, inputs: Struct): Promise<void> {
    const operation = { action, urn: request.getUrn() };
    await this.before(operation);
    if (typeOf(operation.urn).startsWith("aws:")) this.inAccount(operation, plain(inputs));
    const object = objectOf(operation.urn, plain(inputs));
    const isPatch = typeOf(operation.urn).endsWith("Patch");
    if (object && action !== "delete") await this.clusters?.apply(connection, object);
    // The program does not own the object that it patches.
    if (object && action === "delete" && !isPatch) await this.clusters?.remove(connection, object);
    this.done.push(operation);
  }

  /** Applies an operation to the stack's account. Throws if AWS refuses it. */
  private inAccount({ action, urn }: Operation, inputs: Properties): void {
    const account = this.account(stackOf(urn));
    if (action === "update") account.update(urn, inputs);
    if (action === "delete") account.delete(urn);
    if (action !== "create") return;
    const self = this.identity(urn, inputs);
    const { name, arn, identifier } = outputsOf(self);
    const handles = new Set([idOf(self), name, arn, identifier, inputs.name].filter((handle) => handle !== undefined));
    account.create({ key: urn, type: self.type, handles, inputs });
  }

  private async create(call: Call) {
    const { request } = call;
    const inputs = open(request.getProperties());
    if (request.getPreview())
      return respond(messages.CreateResponse, (response: Message) => response.setProperties(close(inputs)));
    await this.perform("create", call, request.getProperties());
    this.lives.set(request.getUrn(), (this.lives.get(request.getUrn()) ?? 0) + 1);
    const self = this.identity(request.getUrn(), reveal(inputs) as Properties);
    const computed = Object.entries(outputsOf(self)).map(([property, value]) => [
      property,
      isSecretOutput(self.type, property) ? new Secret(value) : value,
    ]);
    return respond(messages.CreateResponse, (response: Message) => {
      response.setId(idOf(self));
      const region = this.configurations.get(call.connection)?.region;
      response.setProperties(
        close({
          ...(typeof region === "string" && isRegional(self.type) && { region }),
          ...inputs,
          ...Object.fromEntries(computed),
        }),
      );
    });
  }

  private identity(urn: string, inputs: Properties): Identity {
    const [name, type] = [nameOf(urn), typeOf(urn)];
    // A store that is created again draws another identifier, and another name for its final snapshot.
    // So does the Secret of the environment, but objects in clusters are compared with the plan, which has the first.
    const redrawn = this.clusters ? /-(final-snapshot|identifier)$/ : /-(final-snapshot|identifier|secret-suffix)$/;
    const life = redrawn.test(name) ? (this.lives.get(urn) ?? 0) : 0;
    const path = `${this.paths.get(`${type}::${name}`) ?? name}${life > 1 ? `#${life}` : ""}`;
    return { path, name, type, inputs, region: "us-east-1" };
  }

  private async update(call: Call) {
    const { request } = call;
    if (!request.getPreview()) await this.perform("update", call, request.getNews());
    // In a preview too: real providers plan an update with the computed values of before.
    const state = open(request.getOlds());
    return respond(messages.UpdateResponse, (response: Message) =>
      response.setProperties(close({ ...state, ...open(request.getNews()) })),
    );
  }

  private async delete(call: Call) {
    await this.perform("delete", call, call.request.getOldInputs());
    return new Empty();
  }
}
