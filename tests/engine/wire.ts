/** Messages of the protocol that engine and providers speak, and the properties in them. */
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { decode, encode } from "../../planner/record/sdk/wire";
import { reveal } from "../../planner/record/values";

// The SDK exports the protocol without types.
/** Classes of the messages. */
export const messages = {
  ...require("@pulumi/pulumi/proto/provider_pb"),
  ...require("@pulumi/pulumi/proto/plugin_pb"),
};
/** Methods of a provider, by name. */
export const providerService = require("@pulumi/pulumi/proto/provider_grpc_pb").ResourceProviderService;

export type Properties = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: messages of the protocol have no types
export type Message = any;

/** Type of the resource that a URN names: `kubernetes:core/v1:Secret`. */
export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").pop() ?? "";
/** Its logical name. */
export const nameOf = (urn: string): string => urn.split("::").pop() ?? "";
/** The stack it belongs to. */
export const stackOf = (urn: string): string => urn.split("::")[0]?.replace("urn:pulumi:", "") ?? "";

/** Properties of a message, secrets kept apart. */
export const open = (struct: Struct | undefined): Properties => decode(struct?.toJavaScript() ?? {}) as Properties;
/** Properties of a message, secrets laid open. */
export const plain = (struct: Struct | undefined): Properties => reveal(open(struct)) as Properties;
/** Properties for a message. */
export const close = (properties: Properties): Struct =>
  Struct.fromJavaScript(encode(properties) as Record<string, JavaScriptValue>);

/** A message, filled. */
export function respond<T>(make: new () => T, fill: (response: T) => void = () => {}): T {
  const response = new make();
  fill(response);
  return response;
}
