import { CapabilityError } from "../../base/capability-error.ts";
import { baseUriProblem, baseUrl, shownBaseUri } from "../../language/expression/base-uri.ts";
import type { Operation } from "../../language/model/types.ts";
import { inputInvalid } from "./input-error.ts";
import { type RenderScope, renderText } from "./render-template.ts";
import { errorPlace, requestInvalid } from "./request-error.ts";
import { scalarText } from "./scalar-text.ts";

/** Members of an operation that its base URI needs. */
type BaseUriUser = Pick<Operation, "name" | "adapter" | "baseUriSources">;

/** Characters a value may have in a base URI: those of a host name (language chapter 5.2, rule 5). */
const HOST_CHARACTERS = /^[A-Za-z0-9.-]+$/;

/**
 * Returns the base URI of a call as the first part of its URL, without a slash at its end.
 *
 * @throws CapabilityError `BASE_URI_MISSING`, `INPUT_INVALID`, `REQUEST_INVALID`
 */
export function renderBaseUri(operation: BaseUriUser, scope: RenderScope): string {
  const { baseUri, namespace } = operation.adapter;
  if (baseUri.kind === "constant") return baseUri.url;
  if (baseUri.kind === "empty") {
    throw new CapabilityError("BASE_URI_MISSING", {
      message: `Cannot prepare operation "${operation.name}": the file leaves the base URI of "${namespace}" empty`,
      details: { operation: operation.name, namespace },
      remedies: [{ option: "baseUri", namespace }],
      pointer: `${operation.adapter.pointer}/baseUri`,
    });
  }
  if (baseUri.kind === "invalid") throw invalidBaseUri(operation, baseUri.text, baseUri.reason);

  let text = "";
  for (const part of baseUri.template.parts) {
    if (typeof part === "string") text += part;
    else if (part.kind === "input") text += placeholderText(operation, part.name, scope);
    else text += renderText({ text: "", parts: [part] }, scope) ?? "";
  }
  const reason = baseUriProblem(text);
  if (reason !== undefined) throw invalidBaseUri(operation, baseUri.text, reason);
  return baseUrl(text);
}

/** Returns the text of a placeholder. Only values from callers may not hold characters that would change the host. */
function placeholderText(operation: BaseUriUser, name: string, scope: RenderScope): string {
  const source = operation.baseUriSources.get(name) ?? { kind: "input", key: name };
  if (source.kind === "constant") return String(source.value);
  const key = source.kind === "input" ? source.key : name;
  const value = source.kind === "input" ? scope.inputs.get(key) : renderText(source.template, scope);
  const written = scalarText(value, problem => inputInvalid(operation, key, problem));
  if (HOST_CHARACTERS.test(written) && !/^\.{1,2}$/.test(written)) return written;
  throw inputInvalid(
    operation,
    key,
    `stands in the base URI, where only letters, digits, "." and "-" may: found ${JSON.stringify(written)}`,
  );
}

function invalidBaseUri(operation: BaseUriUser, text: string, reason: string): CapabilityError {
  const { namespace, pointer, baseUriOrigin } = operation.adapter;
  const shown = shownBaseUri(text);
  // Without the pointer: it would show the line of the file, and the password in it.
  const place = errorPlace(shown === text ? `${pointer}/baseUri` : pointer, baseUriOrigin);
  return requestInvalid(operation, `the base URI ${JSON.stringify(shown)} ${reason}`, {
    ...place,
    remedies: [{ option: "baseUri", namespace }],
  });
}
