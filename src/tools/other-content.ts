import type { CapabilityError } from "../base/capability-error.ts";
import type { SecretMask } from "../base/mask-secrets.ts";
import { isJsonType } from "../base/media-types.ts";
import { stringify } from "../base/numbers/exact-json.ts";
import { undecodedResponse } from "../engine/response/decode-response.ts";
import { fieldOf } from "../engine/response/header-field.ts";
import type { Operation } from "../language/model/types.ts";
import { isWhole, type WholeAnswer } from "./answer/whole-answer.ts";
import { binaryAnswer } from "./binary-answer.ts";
import { outputSchemaOf } from "./output-schema.ts";
import type { ToolAnswer } from "./tool.ts";

/**
 * Makes the answer for a success whose content is of another type than the file says: files declare nearly every answer
 * as JSON, also images and exports. A page of HTML stays an error: in place of data it mostly asks for a login.
 *
 * @returns `undefined` for an answer that is faulty
 */
export function otherContent(
  error: CapabilityError<"RESPONSE_INVALID">,
  operation: Operation,
  secrets: SecretMask,
): WholeAnswer | ToolAnswer | undefined {
  const response = undecodedResponse(error);
  const contentType = response && fieldOf(response.headers, "content-type");
  if (response === undefined || contentType === undefined || operation.rawFormat !== "json") return undefined;
  if (isJsonType(contentType) || /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType)) return undefined;
  const answer = binaryAnswer(secrets.bytes(response.body), contentType);
  if (outputSchemaOf(operation) === undefined) return answer;
  // Clients refuse an answer that lacks the outputs that were promised.
  const outputs = Object.fromEntries((operation.outputs ?? []).map(({ name }) => [name, null]));
  const structured = stringify(outputs) ?? "{}";
  if (!isWhole(answer)) return { ...answer, structured };
  return { content: [{ type: "text", text: String(answer.value) }], structured, isError: false };
}
