import { isJsonObject, type JsonObject, objectOf } from "../../base/json-object.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { Description } from "./description.ts";
import type { DescriptionNode } from "./description-node.ts";
import type { ImportFindings } from "./import-findings.ts";
import { importedText } from "./imported-text.ts";

/** Where operations are sent. */
export interface ImportedServer {
  readonly baseUri: string;
  /** The inputs of its placeholders. */
  readonly parameters: readonly JsonObject[];
}

/** What a value in a base URI may hold. */
const HOST = /^[A-Za-z0-9.-]+$/;

/** Reads the first server of a list that is one of http. Without a list, the description's own place is the server. */
export function readServer(
  list: DescriptionNode | undefined,
  description: Description,
  findings: ImportFindings,
): ImportedServer {
  const servers = (list?.children() ?? []).flatMap(([, node]) => {
    const server = description.resolve(node);
    return isJsonObject(server?.value) && typeof server.value["url"] === "string" ? [server] : [];
  });
  const [chosen] = [
    servers.find(({ value }) => /^(?:https?:)?\/\/|^\{/i.test(urlOf(value))),
    servers.find(({ value }) => !/^\w[\w+.-]*:/.test(urlOf(value))),
  ].filter(found => found !== undefined);
  for (const other of servers)
    if (other !== chosen)
      findings.add("servers", other, `The server ${quoteValue(urlOf(other.value))} is left out: --base-uri calls it`);
  return serverAt(chosen, description, findings);
}

function urlOf(server: unknown): string {
  return String((server as JsonObject)["url"]).trim();
}

function serverAt(
  server: DescriptionNode | undefined,
  description: Description,
  findings: ImportFindings,
): ImportedServer {
  const place = server ?? description.root;
  const { text, parameters } = withVariables(server, findings);
  const { location } = description.root.file;
  let url = text;
  if (!/^https?:\/\//i.test(url)) {
    if (!/^https?:/i.test(location)) return serverOfFile(url, parameters, place, description, findings);
    url = resolved(url, location);
  }
  const [plain = ""] = url.split(/[?#]/, 1);
  if (plain !== url)
    findings.add("server-query", place, `Of the server ${quoteValue(url)}, what is behind the path is left out`);
  return { baseUri: plain.replace(/\/+$/, ""), parameters };
}

/** A URL that begins with a host, with slashes in front or without. */
const WITH_HOST = /^(?:\/\/|(?=(?:[a-z\d-]+\.)+[a-z]{2,}(?::\d+)?(?:\/|$))|(?=localhost(?::\d+)?(?:\/|$)))/i;

/**
 * Returns the server for a URL without a scheme, in a description from a file. A host that it lacks is an input, so that
 * its path is kept.
 */
function serverOfFile(
  url: string,
  parameters: readonly JsonObject[],
  place: DescriptionNode,
  { root }: Description,
  findings: ImportFindings,
): ImportedServer {
  if (WITH_HOST.test(url)) {
    findings.add("base-uri", place, `The server ${quoteValue(url)} has no scheme: https is taken`);
    return { baseUri: url.replace(WITH_HOST, "https://").replace(/\/+$/, ""), parameters };
  }
  const isPath = !/^(?:\{|[a-z][a-z\d+.-]*:)/i.test(url);
  const path = isPath ? resolved(url, NO_HOST).slice(NO_HOST.length).replace(/\/+$/, "") : "";
  if (path === "") {
    findings.add(
      "base-uri",
      place,
      `The base URI stays empty: ${url === "" ? "no server is named" : `${quoteValue(url)} is relative, and the description comes from a file`}; set baseUri, or call with --base-uri`,
    );
    return { baseUri: "", parameters: [] };
  }
  const paths = root.child("paths")?.children() ?? [];
  const name = paths.some(([text]) => text.includes("{host}")) ? "api-host" : "host";
  findings.add(
    "base-uri",
    place,
    `The server ${quoteValue(url)} has no host, and the description comes from a file: it is the input ${quoteValue(name)}; or set baseUri, or call with --base-uri`,
  );
  const host = { name, in: "path", type: "string", description: "Host of the API", required: true };
  return { baseUri: `https://{${name}}${path}`, parameters: [host, ...parameters] };
}

/** Completes paths that have no host. */
const NO_HOST = "https://host.invalid";

/** Completes a relative URL, in which braces stay as they are. */
function resolved(url: string, location: string): string {
  try {
    return new URL(url === "" ? "/" : url, location).href.replace(/%7B/gi, "{").replace(/%7D/gi, "}");
  } catch {
    return new URL("/", location).href;
  }
}

/** Returns the URL of a server with its placeholders, of which those that cannot be inputs have their default. */
function withVariables(
  server: DescriptionNode | undefined,
  findings: ImportFindings,
): { readonly text: string; readonly parameters: readonly JsonObject[] } {
  if (server === undefined) return { text: "", parameters: [] };
  const variables = server.child("variables");
  const parameters = new Map<string, JsonObject>();
  const text = urlOf(server.value).replace(/\{\{?([^{}]*)\}?\}/g, (written, name: string, offset: number) => {
    const node = variables?.child(name);
    const variable = objectOf(node?.value);
    const given = variable["default"] === undefined ? undefined : String(variable["default"]);
    if (given !== undefined && (offset === 0 || !HOST.test(given))) {
      findings.add(
        "server-variable",
        node ?? server,
        `The placeholder ${quoteValue(name)} of the server is left out: its default ${quoteValue(given)} is taken`,
      );
      return given;
    }
    if (name.trim() === "") return written;
    const values = variable["enum"];
    const description = importedText(variable["description"]);
    parameters.set(name, {
      name,
      in: "path",
      type: "string",
      ...(description === undefined ? {} : { description }),
      ...(given === undefined ? { required: true } : { default: given }),
      ...(Array.isArray(values) && values.length > 0 ? { enum: values.map(String) } : {}),
    });
    return `{${name}}`;
  });
  return { text, parameters: [...parameters.values()] };
}
