import { isObject } from "../base/json-object.ts";
import { maskHeader } from "../base/mask-header.ts";
import type { AnswerIn } from "../engine/call.ts";
import type { Inputs } from "../engine/request/check-inputs.ts";
import { fieldOf } from "../engine/response/header-field.ts";
import type { Runtime } from "../engine/runtime.ts";
import type { Operation } from "../language/model/types.ts";
import type { WholeAnswer } from "./answer/whole-answer.ts";
import type { Arguments } from "./arguments.ts";
import { binaryAnswer } from "./binary-answer.ts";
import type { nextPageNote } from "./next-page.ts";
import { readStream } from "./read-stream.ts";
import type { ToolAnswer } from "./tool.ts";

type Answered = AnswerIn["items"];
type ValueAnswered = Extract<Answered, { readonly kind: "value" }>;

/** A call that was answered. */
interface AnsweredCall {
  /** Name of the tool. */
  readonly tool: string;
  readonly declared: Arguments;
  readonly inputs: Inputs;
  readonly answer: Answered;
  readonly signal: AbortSignal;
}

/** Makes the answer for an agent of an API's answer, with secrets masked. */
export async function operationAnswer(
  runtime: Runtime,
  operation: Operation,
  { tool, declared, inputs, answer, signal }: AnsweredCall,
): Promise<WholeAnswer | ToolAnswer> {
  const { secrets } = runtime;
  const isNamed = operation.outputs !== undefined && operation.outputs.length > 0;
  if (answer.kind === "items") {
    const { items, note } = await readStream(answer, signal);
    const value = secrets.value(isNamed ? { items } : items);
    return { ...SUCCESS, value, isStructured: isNamed, notes: note === undefined ? [] : [note] };
  }
  const { body, headers } = answer;
  if (body instanceof Uint8Array) {
    const contentType = fieldOf(headers, "content-type") ?? operation.mediaType;
    return binaryAnswer(secrets.bytes(body), contentType);
  }
  if (operation.method === "HEAD") return { ...SUCCESS, value: headOf(answer, runtime) };
  if (body === null && (answer.size === 0 || answer.status === 204)) return emptyAnswer(answer, isNamed, runtime);
  const page = { tool, declared, inputs, answer: { ...answer, url: answer.url ?? answer.request.url } };
  const note = mayHavePages(operation, answer) ? (await pageNotes())(operation, page) : undefined;
  const value = secrets.value(answer.outputs);
  const isText = typeof value === "string";
  const notes = note === undefined ? [] : [secrets.text(note)];
  return { ...SUCCESS, value, form: isText ? "text" : "json", isStructured: isNamed && isObject(value), notes };
}

let noteOfPage: typeof nextPageNote | undefined;

/** Loads what tells how lists go on, once. */
async function pageNotes(): Promise<typeof nextPageNote> {
  noteOfPage ??= (await import("./next-page.ts")).nextPageNote;
  return noteOfPage;
}

const SUCCESS = { form: "json", isStructured: false, isError: false, lead: undefined, notes: [] } as const;

/** Tells whether an answer may be a part of a list. Most are none that takes a look at their members. */
function mayHavePages({ method, pagination, inputs }: Operation, { headers, outputs, body }: ValueAnswered): boolean {
  if (method !== "GET" && method !== "POST") return false;
  if (pagination !== undefined || headers["link"] !== undefined) return true;
  if (!isObject(body) && !isObject(outputs)) return false;
  for (const { in: location } of inputs.values()) if (location === "query" || location === "body") return true;
  return false;
}

/** Returns the head of an answer, with credentials masked. */
function headOf({ status, headers }: ValueAnswered, { secrets }: Runtime): unknown {
  const fields = Object.entries(headers).map(([name, value]) => [
    name,
    [value]
      .flat()
      .map(each => maskHeader(name, each, secrets))
      .join(", "),
  ]);
  return { status, headers: Object.fromEntries(fields) };
}

/** Makes the answer for one without a body. What it made may have an address. */
function emptyAnswer({ status, outputs, headers }: ValueAnswered, isNamed: boolean, { secrets }: Runtime): WholeAnswer {
  const location = fieldOf(headers, "location");
  const place = location === undefined ? "" : `; location: ${secrets.text(location)}`;
  const text = `Done: the API answered ${status}, and sent nothing with it${place}`;
  if (isNamed) return { ...SUCCESS, value: outputs, isStructured: true, notes: [text] };
  return { ...SUCCESS, value: text, form: "text" };
}
