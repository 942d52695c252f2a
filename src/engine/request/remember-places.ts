import type { SecretMask } from "../../base/mask-secrets.ts";
import type { BodyNode, Parameter, Template } from "../../language/model/types.ts";
import { encodePathText } from "./locations/path.ts";
import type { RequestPlan } from "./plan-request.ts";
import { type RenderScope, referenceValue, renderText } from "./render-template.ts";
import { percentEncode } from "./scalar-text.ts";

/** Longest text before a value that is remembered: enough to know the place again. */
const LONGEST_BEFORE = 40;

/**
 * Tells `secrets` the places of the values of variables in a request. Values of one to three characters are masked only
 * there: behind the name of a parameter, header or member, or behind the same path. Called only if there are such
 * values.
 */
export function rememberPlaces({ operation, path }: RequestPlan, scope: RenderScope, secrets: SecretMask): void {
  const { adapter, parameters, queryParts, body } = operation;
  for (const { name, source } of parameters) {
    if (source.kind === "template") placeNamed(name, shortText(source.template, scope), secrets);
  }
  if (adapter.baseUri.kind === "template") placeParts("", adapter.baseUri.template, scope, secrets);
  placeAmong(path, scope, secrets);
  placeAmong(queryParts, scope, secrets);
  if (body !== undefined) placeInBody("", body.content, scope, secrets);
}

/** Remembers a credential behind the name of its header or query parameter, and behind its scheme. */
export function rememberCredentialPlace(name: string, text: string, secrets: SecretMask): void {
  const [, scheme, value = text] = /^(\w+ )(.*)$/s.exec(text) ?? [];
  placeNamed(name, value, secrets);
  if (scheme !== undefined) secrets.place(scheme, value);
}

/** Remembers the ways to write a name and its value: forms and queries, header fields, JSON, YAML, XML. */
function placeNamed(name: string, value: string | undefined, secrets: SecretMask): void {
  if (value === undefined) return;
  for (const written of new Set([name, name.toLowerCase()])) {
    for (const mark of ["=", ": ", ":"]) secrets.place(`${written}${mark}`, value);
    for (const quote of ['"', "'"])
      for (const mark of [":", ": "])
        for (const opening of ["", quote]) secrets.place(`${quote}${written}${quote}${mark}${opening}`, value);
    secrets.place(`<${written}>`, value);
  }
}

/** Remembers the encoded values between the texts of a path or a query. */
function placeAmong(parts: readonly (string | Parameter)[], scope: RenderScope, secrets: SecretMask): void {
  let before = "";
  for (const part of parts) {
    if (typeof part === "string") {
      before += encodePathText(part);
      continue;
    }
    const { source } = part;
    const value = source.kind === "template" ? shortText(source.template, scope) : undefined;
    if (value !== undefined) secrets.place(before.slice(-LONGEST_BEFORE), value);
    const text = source.kind === "template" ? renderText(source.template, scope) : undefined;
    before = text === undefined ? "" : before + percentEncode(text);
  }
}

function placeInBody(name: string, node: BodyNode, scope: RenderScope, secrets: SecretMask): void {
  if (node.kind === "array") for (const item of node.items) placeInBody(name, item, scope, secrets);
  else if (node.kind === "object") {
    for (const [key, member] of node.members) placeInBody(renderText(key, scope) ?? "", member, scope, secrets);
  } else if (node.kind !== "constant") {
    placeParts(name, node.template, scope, secrets);
  }
}

function placeParts(name: string, template: Template, scope: RenderScope, secrets: SecretMask): void {
  if (name !== "") placeNamed(name, shortText(template, scope), secrets);
  let before = "";
  for (const part of template.parts) {
    if (typeof part === "string") {
      before += part;
      continue;
    }
    const value = referenceValue(part, scope);
    if (before !== "" && part.kind === "bind" && isShort(value)) secrets.place(before.slice(-LONGEST_BEFORE), value);
    before = typeof value === "string" ? before + value : "";
  }
}

/** Returns the text of a template with a short secret in it. */
function shortText(template: Template, scope: RenderScope): string | undefined {
  const holdsShort = template.parts.some(
    part => typeof part === "object" && part.kind === "bind" && isShort(scope.binds.get(part.variable)),
  );
  return holdsShort ? renderText(template, scope) : undefined;
}

function isShort(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length < 4;
}
