import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../base/json-object.ts";
import type { Authentication, Operation, Parameter, Template } from "../model/types.ts";
import type { SpecVersion } from "./exported-schemas.ts";
import { isCredentialParameter } from "./parameter-credential.ts";

/** Security schemes of a document, gathered from its operations. No value of a credential is a part of them. */
export class ExportedSecurity {
  readonly schemes: Record<string, JsonObject> = {};
  readonly #version: SpecVersion;
  readonly #report: (message: string) => void;

  /** @param report is told what OpenAPI has no scheme for */
  constructor(version: SpecVersion, report: (message: string) => void) {
    this.#version = version;
    this.#report = report;
  }

  /** Returns the security requirements of an operation. An empty list: it needs none. */
  requirements(operation: Operation): JsonObject[] {
    const { authentication } = operation.adapter;
    const names: string[] = [];
    if (authentication !== undefined) {
      const scheme = this.#scheme(authentication);
      if (scheme !== undefined) names.push(this.#named(authentication.type, scheme));
    }
    let isOptional = names.length === 0;
    for (const parameter of operation.parameters) {
      if (!isCredentialParameter(parameter, operation)) continue;
      names.push(this.#named(parameter.name, parameterScheme(parameter)));
      if (isNeeded(parameter, operation)) isOptional = false;
    }
    if (names.length === 0) return [];
    const requirement = Object.fromEntries(names.map(name => [name, []]));
    return isOptional ? [{}, requirement] : [requirement];
  }

  /** Returns the name of a scheme, which is added unless it is there. */
  #named(wanted: string, scheme: JsonObject): string {
    const plain = wanted.replace(/[^A-Za-z0-9._-]+/g, "_");
    let name = plain;
    for (let count = 2; Object.hasOwn(this.schemes, name); count++) {
      if (isDeepStrictEqual(this.schemes[name], scheme)) return name;
      name = `${plain}_${count}`;
    }
    this.schemes[name] = scheme;
    return name;
  }

  #scheme(authentication: Authentication): JsonObject | undefined {
    const { type, key, placement } = authentication;
    const described = describedBy([...authentication.fields.values()]);
    switch (type) {
      case "basic":
      case "bearer":
      case "digest":
        return { type: "http", ...described, scheme: type };
      case "apikey":
        return { type: "apiKey", ...described, name: key ?? "", in: placement ?? "header" };
      case "oauth2":
        return oauth2Scheme({ fields: authentication.fields, scopes: scopesOf(authentication) }, described);
      case "mtls":
        if (this.#version === "3.1") return { type: "mutualTLS", ...described };
        this.#report("OpenAPI 3.0 has no scheme for client certificates");
        return undefined;
      case "aws-sigv4":
        // As the gateways of AWS write it.
        return {
          type: "apiKey",
          ...described,
          name: "Authorization",
          in: "header",
          "x-amazon-apigateway-authtype": "awsSigv4",
        };
      default:
        this.#report(`OpenAPI has no scheme for the authentication ${JSON.stringify(type)}`);
        return undefined;
    }
  }
}

function parameterScheme({ name, in: location, source }: Parameter): JsonObject {
  return { type: "apiKey", ...(source.kind === "template" ? describedBy([source.template]) : {}), name, in: location };
}

function isNeeded({ source }: Parameter, { inputs }: Operation): boolean {
  return source.kind !== "input" || inputs.get(source.key)?.required === true;
}

function scopesOf({ fields }: Authentication): string[] {
  return (textOf(fields.get("scopes")) ?? "").split(/\s+/).filter(Boolean);
}

/** Returns the scheme of OAuth 2, as far as the texts of a file tell it. */
export function oauth2Scheme(
  { fields, scopes: names }: Pick<Authentication, "fields"> & { readonly scopes: readonly string[] },
  described: JsonObject,
): JsonObject {
  const issuer = urlOf(fields.get("authorizationServerUri"));
  const tokenUrl = urlOf(fields.get("tokenEndpoint"));
  const authorizationUrl = urlOf(fields.get("authorizationEndpoint"));
  const scopes = Object.fromEntries(names.map(name => [name, ""]));
  const grant = textOf(fields.get("grant")) ?? (fields.has("refreshToken") ? "refresh_token" : "client_credentials");
  if (tokenUrl !== undefined && grant === "client_credentials")
    return { type: "oauth2", ...described, flows: { clientCredentials: { tokenUrl, scopes } } };
  if (tokenUrl !== undefined && authorizationUrl !== undefined)
    return { type: "oauth2", ...described, flows: { authorizationCode: { authorizationUrl, tokenUrl, scopes } } };
  if (issuer !== undefined)
    return {
      type: "openIdConnect",
      ...described,
      openIdConnectUrl: `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
    };
  // No flow can be written without its addresses; its tokens are sent in this way.
  return { type: "http", ...described, scheme: "bearer" };
}

function textOf(template: Template | undefined): string | undefined {
  if (template?.parts.some(part => typeof part === "object")) return undefined;
  return template?.text;
}

function urlOf(template: Template | undefined): string | undefined {
  const text = textOf(template);
  return text !== undefined && URL.canParse(text) ? text : undefined;
}

/** Returns a description that names the variables of templates. */
function describedBy(templates: readonly Template[]): JsonObject {
  const parts = templates.flatMap(({ parts }) => parts);
  const names = [
    ...new Set(parts.flatMap(part => (typeof part === "object" && part.kind === "bind" ? [part.variable.name] : []))),
  ];
  const [only, ...others] = names;
  if (only === undefined) return {};
  return {
    description: others.length === 0 ? `Value of the variable ${only}` : `Values of the variables ${names.join(", ")}`,
  };
}
