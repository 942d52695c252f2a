import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
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
    if (!/^https?:/i.test(location)) {
      findings.add(
        "base-uri",
        place,
        `The base URI stays empty: ${url === "" ? "no server is named" : `${quoteValue(url)} is relative, and the description comes from a file`}; set baseUri, or call with --base-uri`,
      );
      return { baseUri: "", parameters: [] };
    }
    url = resolved(url, location);
  }
  const [plain = ""] = url.split(/[?#]/, 1);
  if (plain !== url)
    findings.add("server-query", place, `Of the server ${quoteValue(url)}, what is behind the path is left out`);
  return { baseUri: plain.replace(/\/+$/, ""), parameters };
}

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
    const variable = isJsonObject(node?.value) ? node.value : {};
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
