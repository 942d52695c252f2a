import type { JSONRPCErrorResponse, JSONRPCMessage } from "@modelcontextprotocol/server";
import { utf8Text } from "../../../base/body-text.ts";
import { isJsonObject, type JsonObject, member } from "../../../base/json-object.ts";
import { parseJson } from "../../../base/parse-json.ts";
import { requireBounded } from "../../../engine/formats/json-bounds.ts";
import { INVALID_REQUEST, PARSE_ERROR } from "./protocol-fault.ts";

/** A text of JSON-RPC: a message, several of them, or what is wrong with it. */
export type Parsed =
  | { readonly kind: "message"; readonly message: JSONRPCMessage }
  /** The members are not checked yet. Only revision 2025-03-26 has batches. */
  | { readonly kind: "batch"; readonly members: readonly unknown[] }
  | Fault;

interface Fault {
  readonly kind: "fault";
  readonly answer: JSONRPCErrorResponse;
}

/** Parses a text of JSON-RPC. Numbers keep their digits. A text that nests as no message may is refused. */
export function parseMessage(bytes: Uint8Array): Parsed {
  let text: string;
  try {
    text = utf8Text(bytes, false);
    requireBounded(text);
  } catch (error) {
    return fault(PARSE_ERROR, undefined, `Parse error: ${(error as Error).message}`);
  }
  const parsed = parseJson(text, "exact");
  if (!parsed.ok) return fault(PARSE_ERROR, undefined, `Parse error: ${parsed.reason}`);
  if (Array.isArray(parsed.value)) return { kind: "batch", members: parsed.value };
  return checkMessage(parsed.value);
}

/** Checks that a value is a message of JSON-RPC as the protocol has them. */
export function checkMessage(value: unknown): Extract<Parsed, { readonly kind: "message" }> | Fault {
  const problem = problemOf(value);
  if (problem === undefined) return { kind: "message", message: completed(value as JSONRPCMessage) };
  return fault(INVALID_REQUEST, member(isJsonObject(value) ? value : {}, "id"), `Invalid Request: ${problem}`);
}

/** Returns an `initialize` with what some clients leave out of it, as the reference engine takes it; other messages as they are. */
function completed(message: JSONRPCMessage): JSONRPCMessage {
  if (!("method" in message) || message.method !== "initialize") return message;
  return { ...message, params: { ...UNNAMED_CLIENT, ...message.params } };
}

const UNNAMED_CLIENT = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "unnamed", version: "unknown" },
} as const;

/** Answers a text that no message can be read from. */
export function fault(code: number, id: unknown, message: string): Fault {
  // JSON-RPC 2.0, 5: null where the id is not known. The types of the package have no null.
  const answered = (isId(id) ? id : null) as string;
  return { kind: "fault", answer: { jsonrpc: "2.0", id: answered, error: { code, message } } };
}

const REQUEST_MEMBERS = ["jsonrpc", "id", "method", "params"];
const ANSWER_MEMBERS = ["jsonrpc", "id", "result", "error"];

function problemOf(value: unknown): string | undefined {
  if (!isJsonObject(value)) return "a message is an object";
  if (member(value, "jsonrpc") !== "2.0") return 'member "jsonrpc" is "2.0"';
  if (Object.hasOwn(value, "id") && !isId(value["id"])) return 'member "id" is a string or an integer';
  return Object.hasOwn(value, "method") ? callProblem(value) : answerProblem(value);
}

function callProblem(call: JsonObject): string | undefined {
  if (typeof call["method"] !== "string") return 'member "method" is a string';
  const params = member(call, "params");
  if (params === undefined) return unknownMember(call, REQUEST_MEMBERS);
  if (!isJsonObject(params)) return 'member "params" is an object';
  const meta = member(params, "_meta");
  if (meta !== undefined && !isJsonObject(meta)) return 'member "_meta" of the params is an object';
  const token = member(meta ?? {}, "progressToken");
  if (token !== undefined && !isId(token)) return 'member "progressToken" of "_meta" is a string or an integer';
  return unknownMember(call, REQUEST_MEMBERS);
}

function answerProblem(answer: JsonObject): string | undefined {
  const { result, error } = answer;
  if (isJsonObject(result) && Object.hasOwn(answer, "id") && error === undefined)
    return unknownMember(answer, ANSWER_MEMBERS);
  const isError = isJsonObject(error) && Number.isSafeInteger(error["code"]) && typeof error["message"] === "string";
  if (isError && result === undefined) return unknownMember(answer, ANSWER_MEMBERS);
  return 'member "method" is missing';
}

function unknownMember(message: JsonObject, known: readonly string[]): string | undefined {
  const unknown = Object.keys(message).find(name => !known.includes(name));
  return unknown === undefined ? undefined : `member ${JSON.stringify(unknown.slice(0, 100))} is not known`;
}

function isId(value: unknown): value is string | number {
  return typeof value === "string" || Number.isSafeInteger(value);
}
