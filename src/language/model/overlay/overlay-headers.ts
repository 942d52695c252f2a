import { isTransportHeader } from "../../expression/transport-header.ts";
import type { HeaderSetting, Setting } from "../../overlays/resolved-overlay.ts";
import type { BindScope } from "../bind-scope.ts";
import { compileTemplate } from "../compile-template.ts";
import type { OperationDetails } from "../deferred-operation.ts";
import type { Input, PlacedParameter } from "../types.ts";
import type { OverlayFindings } from "./findings.ts";
import { checkReferences, checkTexts } from "./overlay-texts.ts";

/** Compiles a header of an overlay to a parameter. Returns `undefined` if it cannot be sent. */
export function compileHeader(
  { value: { name, value }, origin }: Setting<HeaderSetting>,
  context: { readonly scope: BindScope; readonly findings: OverlayFindings },
): PlacedParameter | undefined {
  if (isTransportHeader(name)) {
    context.findings.malformed(origin, `${origin.setting}: only the transport may write this header`);
    return undefined;
  }
  if (!checkTexts(value, origin, context)) return undefined;
  checkReferences(value, origin, context);
  const text = String(value);
  const template = compileTemplate(text, { scope: context.scope });
  return {
    name,
    in: "header",
    type: "string",
    source: template.parts.some(part => typeof part === "object")
      ? { kind: "template", template }
      : { kind: "constant", value: text },
    required: false,
    pointer: origin.pointer,
    origin,
  };
}

/**
 * Replaces the file's own headers by those of an overlay. They come first, and inputs of the same names become
 * optional: a value of the caller is written later, and stays.
 */
export function layHeaders(
  headers: ReadonlyMap<string, PlacedParameter>,
  { parameters, inputs }: OperationDetails,
): Pick<OperationDetails, "parameters" | "inputs"> {
  if (headers.size === 0) return { parameters, inputs };
  const isLaid = (other: { readonly in: string; readonly name: string }) =>
    other.in === "header" && headers.has(other.name.toLowerCase());
  const kept = parameters.filter(parameter => parameter.source.kind === "input" || !isLaid(parameter));
  const relax = (input: Input): Input => (isLaid(input) ? { ...input, required: false } : input);
  return {
    parameters: [...headers.values(), ...kept],
    inputs: new Map([...inputs].map(([key, input]) => [key, relax(input)])),
  };
}
