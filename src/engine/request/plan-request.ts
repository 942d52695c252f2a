import { member } from "../../base/json-object.ts";
import { isOfCaller } from "../../language/document/caller-field.ts";
import type { BindVariable } from "../../language/document/declared-binds.ts";
import type { CredentialPlace } from "../../language/document/kinds.ts";
import type { Authentication, Operation, Parameter, Template } from "../../language/model/types.ts";
import type { AuthenticationKind } from "../authentication/authentication-kind.ts";
import { authentications } from "../authentication/authentications.ts";
import type { BindRequest, PlacedName } from "../binds/bind-resolver.ts";
import { rawFormats } from "../formats/raw-formats.ts";
import { type DefaultPlan, planDefault } from "./default-inputs.ts";
import type { InputChecks } from "./input-checks.ts";
import { headerNameProblem } from "./locations/header.ts";
import { encodePathText, encodeQueryText } from "./locations/path.ts";
import { locations } from "./locations.ts";
import type { ParameterWriter } from "./parameter-location.ts";
import { errorPlace } from "./request-error.ts";
import { styleInvalid } from "./styled-text.ts";
import { bodyTemplates, joined, type PlacedTemplate, type References, references } from "./template-references.ts";

/** Plan for the requests of one operation, made once. */
export interface RequestPlan {
  readonly operation: Operation;
  /** Variables and undeclared names that templates refer to: outside the credential, and with it. */
  readonly binds: { readonly plain: BindRequest; readonly withCredential: BindRequest };
  /** Path from the slash behind the base URI on: encoded text, and parameters to be encoded. Empty for an empty path. */
  readonly path: readonly (string | Parameter)[];
  /** The pairs of the path's own query: encoded text, and parameters. */
  readonly query: readonly (readonly (string | Parameter)[])[];
  readonly parameters: readonly { readonly parameter: Parameter; readonly write: ParameterWriter }[];
  /** Headers of every request of the operation. */
  readonly defaultHeaders: Readonly<Record<string, string>>;
  readonly credential: CredentialPlan | undefined;
  /** Names of headers that are left out, in lower case. */
  readonly omitted: readonly string[];
  /** Defaults for inputs that the caller leaves out. */
  readonly defaults: readonly DefaultPlan[];
  readonly checks: InputChecks;
  /** Whether some values are those of the caller of a server, so that nothing of a call may reach another. */
  readonly isOfCaller: boolean;
}

/** Credential of a request, or the reason why it cannot have one. */
export type CredentialPlan =
  | {
      readonly ok: true;
      readonly type: string;
      readonly kind: AuthenticationKind;
      /** Absent for a credential that is not a part of the request. */
      readonly place: CredentialPlace | undefined;
      readonly fields: readonly (readonly [name: string, value: Template])[];
      readonly variables: readonly BindVariable[];
      readonly undeclared: readonly PlacedName[];
      /** The variables whose value may be an empty text. */
      readonly mayBeEmpty: ReadonlySet<BindVariable>;
      /** Keys of the inputs that take the credential's place when the caller gives them. */
      readonly rivals: readonly string[];
    }
  | { readonly ok: false; readonly reason: string };

/**
 * Plans everything about an operation's requests that does not depend on a call.
 *
 * @param omitted names of headers to be left out, in lower case
 */
export function planRequest(
  operation: Operation,
  userAgent: string,
  checks: InputChecks,
  omitted: readonly string[] = NONE_OMITTED,
): RequestPlan {
  const path = operation.pathParts.map(part => (typeof part === "string" ? encodePathText(part) : part));
  const literal = typeof path[0] === "string" ? path[0] : "";
  if (path.length > 0) path.splice(0, literal === "" ? 0 : 1, `/${literal.replace(/^\/+/, "")}`);
  const credential = planCredential(operation);
  const plain = { operation: operation.name, ...collectReferences(operation), mayBeEmpty: NO_VARIABLES };
  const withCredential = credential?.ok
    ? { ...plain, ...joined([plain, credential]), mayBeEmpty: outside(plain.variables, credential.mayBeEmpty) }
    : plain;
  const defaults = [...operation.inputs.values()].flatMap(input => planDefault(operation, input, checks) ?? []);
  return {
    operation,
    binds: { plain, withCredential },
    path,
    query: queryPairs(operation.queryParts),
    parameters: operation.parameters.map(parameter => ({
      parameter,
      write:
        parameter.style?.ok === false
          ? refused(operation, parameter)
          : locations[parameter.in].compile(parameter, operation),
    })),
    defaultHeaders: {
      accept: member(rawFormats, operation.rawFormat)?.accept ?? "*/*",
      "user-agent": userAgent,
    },
    credential,
    omitted,
    defaults,
    checks,
    isOfCaller: [withCredential, ...defaults].some(({ variables }) => variables.some(isOfCaller)),
  };
}

/** Returns the writer of a parameter whose style has no meaning. */
function refused(operation: Operation, parameter: Parameter): ParameterWriter {
  return () => {
    throw styleInvalid(operation, parameter);
  };
}

const NONE_OMITTED: readonly string[] = [];

const NO_VARIABLES: ReadonlySet<BindVariable> = new Set();

/** Returns the variables of a set that are not in the list. */
function outside(variables: readonly BindVariable[], set: ReadonlySet<BindVariable>): ReadonlySet<BindVariable> {
  return set.size === 0 ? set : new Set([...set].filter(variable => !variables.includes(variable)));
}

function queryPairs(parts: Operation["queryParts"]): RequestPlan["query"] {
  if (parts.length === 0) return [];
  const pairs: (string | Parameter)[][] = [[]];
  for (const part of parts) {
    if (typeof part !== "string") {
      pairs.at(-1)?.push(part);
      continue;
    }
    const [rest = "", ...more] = encodeQueryText(part).split("&");
    if (rest !== "") pairs.at(-1)?.push(rest);
    for (const text of more) pairs.push(text === "" ? [] : [text]);
  }
  return pairs;
}

function planCredential(operation: Operation): CredentialPlan | undefined {
  const { authentication } = operation.adapter;
  if (authentication === undefined) return undefined;
  const credential = planAuthentication(authentication);
  if (!credential.ok) return credential;
  const { place } = credential;
  if (operation.parameters.some(parameter => isAt(parameter, place) && replaces(parameter, authentication)))
    return undefined;
  const rivals = [...operation.inputs.values()].filter(input => isAt(input, place)).map(({ key }) => key);
  return { ...credential, rivals };
}

/** Plans the credential for all operations of an adapter, without rivals. */
export function planAuthentication(authentication: Authentication): CredentialPlan {
  const { type } = authentication;
  const problem = (reason: string): CredentialPlan => ({
    ok: false,
    reason: `authentication "${type}"${reason}`,
  });
  const kind = member(authentications, type);
  if (kind === undefined) return problem(" is not known");
  const place = kind.place(authentication);
  if (typeof place === "string") return problem(`: ${place}`);
  if (place?.in === "header") {
    const reason = headerNameProblem(place.name);
    if (reason !== undefined) return problem(`: its "key" ${reason}`);
  }
  const fields: [string, Template][] = [];
  for (const name of [...kind.fields, ...(kind.optionalFields ?? [])]) {
    const template = authentication.fields.get(name);
    if (template !== undefined) fields.push([name, template]);
    else if (kind.fields.includes(name) && !kind.allowsEmpty) return problem(`: its "${name}" is missing`);
  }
  if (kind.allowsEmpty && fields.length === 0)
    return problem(`: its ${kind.fields.map(name => JSON.stringify(name)).join(" and ")} are missing`);
  const { pointer, origin } = authentication;
  const { variables, undeclared } = references(
    fields.map(([name, template]): PlacedTemplate => [template, errorPlace(`${pointer}/${name}`, origin)]),
  );
  if ("open" in kind && variables.some(isOfCaller))
    return problem(" keeps what it opens with its credential, so that credential cannot be a caller's (request:)");
  const mayBeEmpty = new Set(kind.allowsEmpty ? variables : []);
  return { ok: true, type, kind, place, fields, variables, undeclared, mayBeEmpty, rivals: [] };
}

/**
 * Tells whether a parameter replaces the credential: an implied credential gives way to one that the file writes
 * itself, and any to one that an overlay writes.
 */
function replaces({ source, origin }: Parameter, { implied }: Authentication): boolean {
  return origin !== undefined || (implied && source.kind !== "input");
}

function isAt(parameter: { readonly in: string; readonly name: string }, place: CredentialPlace | undefined): boolean {
  if (place === undefined) return false;
  const name = place.in === "header" ? parameter.name.toLowerCase() : parameter.name;
  return parameter.in === place.in && name === place.name;
}

function collectReferences({
  adapter,
  baseUriSources,
  parameters,
  pathParts,
  queryParts,
  body,
}: Operation): References {
  const templates: PlacedTemplate[] = [];
  if (adapter.baseUri.kind === "template") {
    templates.push([adapter.baseUri.template, errorPlace(`${adapter.pointer}/baseUri`, adapter.baseUriOrigin)]);
    for (const source of baseUriSources.values()) {
      if (source.kind === "template") templates.push([source.template, { pointer: adapter.pointer }]);
    }
  }
  for (const part of [...parameters, ...pathParts, ...queryParts]) {
    if (typeof part === "string" || part.source.kind !== "template") continue;
    templates.push([part.source.template, errorPlace(part.pointer, part.origin)]);
  }
  if (body !== undefined)
    for (const template of bodyTemplates(body.content)) templates.push([template, { pointer: body.pointer }]);
  return references(templates);
}
