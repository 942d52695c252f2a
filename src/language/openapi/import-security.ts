import { getOrSet } from "../../base/get-or-set.ts";
import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { Description } from "./description.ts";
import type { DescriptionNode } from "./description-node.ts";
import type { ImportFindings } from "./import-findings.ts";
import { variablePrefix } from "./imported-names.ts";

/** How the calls of some operations prove who sends them. */
interface Credential {
  /** Names of the security schemes, joined: what tells credentials apart. Empty for none. */
  readonly key: string;
  readonly authentication: JsonObject | undefined;
  /** What is sent besides, with every request. */
  readonly parameters: readonly JsonObject[];
  readonly variables: readonly string[];
}

const NO_CREDENTIAL: Credential = { key: "", authentication: undefined, parameters: [], variables: [] };

/** A security scheme, as far as we can use it. */
interface Scheme {
  readonly name: string;
  readonly node: DescriptionNode;
  /** The lower, the sooner it is chosen: what needs a token alone comes first. */
  readonly rank: number;
  /** The header that it takes, in lower case. */
  readonly header: string | undefined;
  readonly variables: readonly string[];
  /** Absent for what only a parameter can hold. */
  readonly authentication?: (scopes: readonly string[]) => JsonObject;
  /** The same as a parameter with a constant value. Absent where it is no text of a request. */
  readonly parameter?: JsonObject;
}

/** One way to authenticate: all of its schemes together. */
type Alternative = readonly { readonly scheme: Scheme; readonly scopes: readonly string[] }[];

/** Chooses the credentials of operations from what a description requires. */
export class SecurityReader {
  readonly #description: Description;
  readonly #findings: ImportFindings;
  readonly #schemes = new Map<string, Scheme>();
  /** The scopes that the operations of a scheme need together. */
  readonly #scopes = new Map<string, Set<string>>();

  constructor(description: Description, findings: ImportFindings, namespace: string) {
    this.#description = description;
    this.#findings = findings;
    const declared = description.member(description.root, "components", "securitySchemes");
    const resolved = declared && description.resolve(declared);
    const suffixes = new Set<string>();
    for (const [name, node] of resolved?.children() ?? []) {
      const found = description.resolve(node);
      if (found === undefined || !isJsonObject(found.value)) continue;
      const scheme = readScheme(name, found, { description, findings, prefix: variablePrefix(namespace), suffixes });
      if (scheme !== undefined) this.#schemes.set(name, scheme);
    }
  }

  /** Returns the names of the schemes of a requirement. `undefined` if it cannot be met. */
  choose(operation: DescriptionNode | undefined): string {
    const security = operation?.child("security") ?? this.#description.root.child("security");
    const requirements = security?.children() ?? [];
    if (requirements.length === 0) return "";
    const usable = requirements.flatMap(([, node]) => this.#alternative(node) ?? []);
    const given = usable.filter(alternative => alternative.schemes.length > 0);
    const [best] = given.sort((a, b) => a.rank - b.rank);
    if (given.length > 1 && best !== undefined && security !== undefined)
      this.#findings.add(
        "security",
        security,
        `Of several ways to authenticate, one is taken: ${quoteValue(best.key)}`,
      );
    if (best === undefined) return "";
    if (given.length < usable.length && security !== undefined)
      this.#findings.add(
        "optional-security",
        security,
        `The operation may also be called without ${quoteValue(best.key)}, which is always sent`,
      );
    for (const { scheme, scopes } of best.schemes) for (const scope of scopes) this.#scopesOf(scheme.name).add(scope);
    return best.key;
  }

  /** Returns the credential of chosen schemes, with all scopes that have been asked for. */
  credential(key: string): Credential {
    if (key === "") return NO_CREDENTIAL;
    const schemes = key.split(JOINED).flatMap(name => this.#schemes.get(name) ?? []);
    const [main] = schemes.filter(scheme => scheme.authentication !== undefined);
    const parameters: JsonObject[] = [];
    const variables = [...(main?.variables ?? [])];
    const headers = new Set(main?.header === undefined ? [] : [main.header]);
    for (const scheme of schemes) {
      if (scheme === main || scheme.parameter === undefined) continue;
      if (scheme.header !== undefined && headers.has(scheme.header)) continue;
      if (scheme.header !== undefined) headers.add(scheme.header);
      parameters.push(scheme.parameter);
      variables.push(...scheme.variables);
    }
    const authentication = main?.authentication?.([...this.#scopesOf(main.name)]);
    return { key, authentication, parameters, variables };
  }

  #scopesOf(name: string): Set<string> {
    return getOrSet(this.#scopes, name, () => new Set());
  }

  /** Reads one way to authenticate. `undefined` if it needs what a call cannot do. */
  #alternative(
    node: DescriptionNode,
  ): { readonly key: string; readonly rank: number; readonly schemes: Alternative } | undefined {
    const schemes: Alternative[number][] = [];
    for (const [name, { value }] of node.children()) {
      const scheme = this.#schemes.get(name);
      if (scheme === undefined) {
        this.#findings.add(
          `scheme:${name}`,
          node,
          `The security scheme ${quoteValue(name)} is left out: it is not declared, or cannot be used`,
        );
        return undefined;
      }
      schemes.push({ scheme, scopes: Array.isArray(value) ? value.filter(scope => typeof scope === "string") : [] });
    }
    const rank = schemes.reduce((most, { scheme }) => Math.max(most, scheme.rank), 0) + schemes.length / 100;
    return { key: schemes.map(({ scheme }) => scheme.name).join(JOINED), rank, schemes };
  }
}

/** No name of a scheme holds it. */
const JOINED = "\n";

interface SchemeContext {
  readonly description: Description;
  readonly findings: ImportFindings;
  readonly prefix: string;
  /** Ends of variables that are taken. */
  readonly suffixes: Set<string>;
}

function readScheme(name: string, node: DescriptionNode, context: SchemeContext): Scheme | undefined {
  if (name.includes(JOINED)) return undefined;
  const value = node.value as JsonObject;
  const kind = String(value["type"]).toLowerCase();
  const named = { name, node };
  if (kind === "http") return { ...named, ...httpScheme(node, name, context) };
  if (kind === "apikey") return apiKey(node, name, context);
  if (kind === "oauth2") return { ...named, ...oauth2(node, name, context) };
  if (kind === "openidconnect") return { ...named, ...openId(node, name, context) };
  if (kind === "mutualtls") {
    const [certificate, privateKey] = variables(["CERTIFICATE", "PRIVATE_KEY"], name, context);
    return {
      ...named,
      rank: 9,
      header: undefined,
      variables: [certificate, privateKey] as string[],
      authentication: () => ({ type: "mtls", certificate: `{{${certificate}}}`, privateKey: `{{${privateKey}}}` }),
    };
  }
  context.findings.add(
    `kind:${kind}`,
    node,
    `The security scheme ${quoteValue(name)} is left out: no call can authenticate by ${quoteValue(value["type"])}`,
  );
  return undefined;
}

type SchemeParts = Omit<Scheme, "name" | "node">;

function httpScheme(node: DescriptionNode, name: string, context: SchemeContext): SchemeParts {
  const scheme = String((node.value as JsonObject)["scheme"] ?? "bearer").toLowerCase();
  if (scheme === "bearer") return bearer(name, 0, context);
  if (scheme === "basic" || scheme === "digest") {
    const [username, password] = variables(["USERNAME", "PASSWORD"], name, context);
    return {
      rank: scheme === "basic" ? 2 : 6,
      header: "authorization",
      variables: [username, password] as string[],
      authentication: () => ({ type: scheme, username: `{{${username}}}`, password: `{{${password}}}` }),
    };
  }
  const [value] = variables(["AUTHORIZATION"], name, context);
  context.findings.add(
    `http:${scheme}`,
    node,
    `The variable ${value} holds the whole header "Authorization": the scheme ${quoteValue(scheme)} is not known`,
  );
  return {
    rank: 10,
    header: "authorization",
    variables: [value] as string[],
    authentication: () => ({ type: "apikey", key: "Authorization", value: `{{${value}}}`, placement: "header" }),
    parameter: { name: "Authorization", in: "header", value: `{{${value}}}` },
  };
}

function bearer(name: string, rank: number, context: SchemeContext): SchemeParts {
  const [token] = variables(["TOKEN"], name, context);
  return {
    rank,
    header: "authorization",
    variables: [token] as string[],
    authentication: () => ({ type: "bearer", token: `{{${token}}}` }),
    parameter: { name: "Authorization", in: "header", value: `Bearer {{${token}}}` },
  };
}

function apiKey(node: DescriptionNode, name: string, context: SchemeContext): Scheme | undefined {
  const { name: key, in: place } = node.value as JsonObject;
  const location = String(place).toLowerCase();
  if (typeof key !== "string" || key === "" || !/^(?:header|query|cookie)$/.test(location)) {
    context.findings.add(
      "apikey",
      node,
      `The security scheme ${quoteValue(name)} is left out: it does not say where the key goes`,
    );
    return undefined;
  }
  const [variable] = variables(["API_KEY"], name, context);
  const value = `{{${variable}}}`;
  return {
    name,
    node,
    rank: location === "cookie" ? 3 : 1,
    header: location === "header" ? key.toLowerCase() : undefined,
    variables: [variable] as string[],
    ...(location === "cookie" ? {} : { authentication: () => ({ type: "apikey", key, value, placement: location }) }),
    parameter: { name: key, in: location, value },
  };
}

function oauth2(node: DescriptionNode, name: string, context: SchemeContext): SchemeParts {
  const flows = node.child("flows");
  const urlOf = (flow: string, key: string) => absoluteUrl(flows?.child(flow)?.child(key)?.value, context);
  const tokenEndpoint = urlOf("clientCredentials", "tokenUrl");
  if (tokenEndpoint !== undefined) {
    const [clientId, clientSecret] = variables(["CLIENT_ID", "CLIENT_SECRET"], name, context);
    return {
      rank: 4,
      header: "authorization",
      variables: [clientId, clientSecret] as string[],
      authentication: scopes => ({
        type: "oauth2",
        grant: "client_credentials",
        tokenEndpoint,
        clientId: `{{${clientId}}}`,
        clientSecret: `{{${clientSecret}}}`,
        ...(scopes.length === 0 ? {} : { scopes }),
      }),
    };
  }
  const codeEndpoint = urlOf("authorizationCode", "tokenUrl");
  const authorizationEndpoint = urlOf("authorizationCode", "authorizationUrl");
  if (codeEndpoint === undefined || authorizationEndpoint === undefined) {
    context.findings.add(
      "oauth2",
      node,
      `The security scheme ${quoteValue(name)} takes a token that you have: a call cannot get one by its flow`,
    );
    return bearer(name, 5, context);
  }
  return codeFlow(name, 7, { authorizationEndpoint, tokenEndpoint: codeEndpoint }, [], context);
}

/**
 * Returns a scheme whose user agrees in a browser.
 *
 * @param addresses of the authorization server
 * @param always scopes that are asked for besides those of operations
 */
function codeFlow(
  name: string,
  rank: number,
  addresses: JsonObject,
  always: readonly string[],
  context: SchemeContext,
): SchemeParts {
  const [clientId] = variables(["CLIENT_ID"], name, context);
  return {
    rank,
    header: "authorization",
    variables: [clientId] as string[],
    authentication: ofOperations => {
      const scopes = [...new Set([...always, ...ofOperations])];
      return {
        type: "oauth2",
        grant: "authorization_code",
        ...addresses,
        clientId: `{{${clientId}}}`,
        ...(scopes.length === 0 ? {} : { scopes }),
      };
    },
  };
}

const DISCOVERY = /\/\.well-known\/openid-configuration\/?$/;

function openId(node: DescriptionNode, name: string, context: SchemeContext): SchemeParts {
  const address = absoluteUrl((node.value as JsonObject)["openIdConnectUrl"], context);
  if (address === undefined || !DISCOVERY.test(address)) {
    context.findings.add(
      "openid",
      node,
      `The security scheme ${quoteValue(name)} takes a token that you have: it does not say where to get one`,
    );
    return bearer(name, 5, context);
  }
  return codeFlow(name, 8, { authorizationServerUri: address.replace(DISCOVERY, "") }, ["openid"], context);
}

/** Returns an address as an absolute URL: one that is relative is completed by the first server. */
function absoluteUrl(value: unknown, { description }: SchemeContext): string | undefined {
  if (typeof value !== "string" || value.trim() === "" || value.includes("{")) return undefined;
  const servers = description.root.child("servers")?.children() ?? [];
  const first = servers[0]?.[1].child("url")?.value;
  const bases = [undefined, first, description.root.file.location].filter(
    base => base === undefined || (typeof base === "string" && /^https?:/i.test(base)),
  );
  for (const base of bases) {
    if (!URL.canParse(value.trim(), base as string | undefined)) continue;
    const url = new URL(value.trim(), base as string | undefined);
    if (/^https?:$/.test(url.protocol) && url.username === "" && url.hash === "") return url.href;
  }
  return undefined;
}

/**
 * Returns the variables of a scheme. The first scheme of a kind has plain names, such as `SHOP_API_KEY`; in those of
 * another stands its name.
 */
function variables(ends: readonly string[], scheme: string, { prefix, suffixes }: SchemeContext): string[] {
  const isTaken = (list: readonly string[]) => list.some(end => suffixes.has(end));
  const named = variablePrefix(scheme);
  let chosen = ends;
  if (isTaken(chosen)) chosen = ends.map(end => `${named}_${end}`);
  for (let number = 2; isTaken(chosen); number++) chosen = ends.map(end => `${named}_${number}_${end}`);
  for (const end of chosen) suffixes.add(end);
  return chosen.map(end =>
    prefix.endsWith("_API") && end.startsWith("API_") ? prefix + end.slice(3) : `${prefix}_${end}`,
  );
}
