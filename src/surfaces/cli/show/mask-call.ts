import { isCredentialHeader, maskHeader } from "../../../base/mask-header.ts";
import type { SecretMask } from "../../../base/mask-secrets.ts";
import type { Inputs } from "../../../engine/request/check-inputs.ts";
import type { Operation, Parameter } from "../../../language/model/types.ts";
import { mapTexts, type Pieces, type ShownRequest } from "./pieces.ts";

/** The secrets of a call to mask. */
export interface CallMask {
  readonly operation: Operation;
  readonly inputs: Inputs;
  /** Secrets that are masked everywhere: those of the call, and the known ones. */
  readonly secrets: readonly [SecretMask, SecretMask];
}

/**
 * Masks secrets that are not values of variables: literals of the file, and inputs for a header of credentials. A header
 * with a reference comes from the file, and its other parts are shown.
 */
export function maskCall(request: ShownRequest, { operation, inputs, secrets }: CallMask): ShownRequest {
  const [own, known] = secrets;
  for (const parameter of operation.parameters) {
    if (isCredential(parameter)) for (const text of literalsOf(parameter, inputs)) own.add(text);
  }
  const mask = (pieces: Pieces) => mapTexts(pieces, text => known.text(own.text(text)));
  const { url, headers, body } = request;
  return {
    ...request,
    url: mask(url),
    headers: headers.map(([name, value]) => [name, maskField(name, value, own, mask)] as const),
    body: body instanceof Uint8Array ? known.bytes(own.bytes(body)) : body && mask(body),
  };
}

function maskField(name: string, value: Pieces, secrets: SecretMask, mask: (pieces: Pieces) => Pieces): Pieces {
  const isLiteral = value.every(piece => typeof piece === "string");
  return isCredentialHeader(name) && isLiteral ? [maskHeader(name, value.join(""), secrets)] : mask(value);
}

function isCredential({ in: location, name }: Parameter): boolean {
  return location === "cookie" || (location === "header" && isCredentialHeader(name.toLowerCase()));
}

/** Returns the literals of a parameter: its constant, or its inputs. */
function literalsOf({ source }: Parameter, inputs: Inputs): string[] {
  if (source.kind === "constant") return [String(source.value)];
  const names =
    source.kind === "input"
      ? [source.key]
      : source.template.parts.flatMap(part => (typeof part === "object" && part.kind === "input" ? part.name : []));
  return names.flatMap(name => (Object.hasOwn(inputs, name) ? [inputs[name]].flat().map(String) : []));
}
