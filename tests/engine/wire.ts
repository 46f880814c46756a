/** Messages of the protocol between the engine and its providers, and their properties. */
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { decode, encode } from "../../planner/record/sdk/wire";
import { reveal } from "../../planner/record/values";

// The SDK exports the protocol without types.
/** Message classes. */
export const messages = {
  ...require("@pulumi/pulumi/proto/provider_pb"),
  ...require("@pulumi/pulumi/proto/plugin_pb"),
};
/** gRPC methods of a provider, by name. */
export const providerService = require("@pulumi/pulumi/proto/provider_grpc_pb").ResourceProviderService;

export type Properties = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: messages of the protocol have no types
export type Message = any;

/** Returns the resource type of a URN, such as `kubernetes:core/v1:Secret`. */
export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").pop() ?? "";
/** Returns the logical name of a URN. */
export const nameOf = (urn: string): string => urn.split("::").pop() ?? "";
/** Returns the stack of a URN. */
export const stackOf = (urn: string): string => urn.split("::")[0]?.replace("urn:pulumi:", "") ?? "";

/** Deserializes the properties of a message and keeps secrets marked. */
export const open = (struct: Struct | undefined): Properties => decode(struct?.toJavaScript() ?? {}) as Properties;
/** Deserializes the properties of a message with secrets unwrapped. */
export const plain = (struct: Struct | undefined): Properties => reveal(open(struct)) as Properties;
/** Serializes properties for a message. */
export const close = (properties: Properties): Struct =>
  Struct.fromJavaScript(encode(properties) as Record<string, JavaScriptValue>);

/** Creates a message from its fields. */
export function respond<T>(make: new () => T, fill: (response: T) => void = () => {}): T {
  const response = new make();
  fill(response);
  return response;
}
