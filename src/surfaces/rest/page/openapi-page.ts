import { createHash } from "node:crypto";
import { isJsonObject, type JsonObject, objectOf } from "../../../base/json-object.ts";
import { stringify } from "../../../base/numbers/exact-json.ts";
import { Html, html } from "./html.ts";
import { SchemaView } from "./schema-view.ts";
import { STYLE } from "./style.ts";

/** Headers of the page: it runs nothing, loads nothing, and stands in no frame. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** More operations than these are shown closed. */
const MOST_OPEN = 4;

/**
 * Writes an OpenAPI document as a page for people.
 *
 * @param source address of the document, from the page
 */
export function openapiPage(document: JsonObject, source: string): string {
  const info = objectOf(document["info"]);
  const title = textOf(info["title"]) || "API";
  const operations = operationsOf(document);
  const groups = grouped(operations, document);
  const view = new SchemaView(document);
  const isOpen = operations.length <= MOST_OPEN;
  const sections = groups.map(
    ({ name, description, operations: of }) => html`
<section>
${name === undefined ? undefined : html`<h2>${name}</h2>`}${described(description)}
${of.map(operation => operationView(operation, view, isOpen))}
</section>`,
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<div class="facts">
<span>Version ${textOf(info["version"])}</span>
${serverView(document)}
<span>${operations.length === 1 ? "1 operation" : `${operations.length} operations`}</span>
<a href="${source}">OpenAPI document</a>
</div>
${described(info["description"])}
${securityView(document)}
</header>
<main>
${sections}
</main>
<footer>Made from the capability file by naftiko.</footer>
</body>
</html>
`;
  return page.text;
}

interface ShownOperation {
  readonly method: string;
  readonly path: string;
  readonly written: JsonObject;
}

function operationsOf(document: JsonObject): ShownOperation[] {
  return Object.entries(objectOf(document["paths"])).flatMap(([path, item]) =>
    Object.entries(objectOf(item)).flatMap(([method, written]) =>
      isJsonObject(written) ? [{ method, path, written }] : [],
    ),
  );
}

interface Group {
  readonly name: string | undefined;
  readonly description: unknown;
  readonly operations: ShownOperation[];
}

/** Groups operations by their first tags, in their order. Where each has its own, there is one group. */
function grouped(operations: readonly ShownOperation[], document: JsonObject): Group[] {
  const tags = Array.isArray(document["tags"]) ? document["tags"].filter(isJsonObject) : [];
  const groups = new Map<string | undefined, Group>();
  for (const operation of operations) {
    const [first] = Array.isArray(operation.written["tags"]) ? operation.written["tags"] : [];
    const name = typeof first === "string" ? first : undefined;
    const description = tags.find(tag => tag["name"] === name)?.["description"];
    const group = groups.get(name) ?? { name, description, operations: [] };
    group.operations.push(operation);
    groups.set(name, group);
  }
  return operations.length > 1 && groups.size === operations.length
    ? [{ name: undefined, description: undefined, operations: [...operations] }]
    : [...groups.values()];
}

function operationView({ method, path, written }: ShownOperation, view: SchemaView, isOpen: boolean): Html {
  const summary = textOf(written["summary"]);
  const description = textOf(written["description"]);
  const parameters = Array.isArray(written["parameters"]) ? written["parameters"].filter(isJsonObject) : [];
  const says = summary === description ? "" : summary;
  return html`
<details${isOpen ? new Html(" open") : undefined}>
<summary><span class="method ${method}">${method.toUpperCase()}</span><code class="path">${path}</code>${says === "" ? undefined : html`<span class="says">${says}</span>`}</summary>
<div class="body">
${described(description)}
${parameters.length === 0 ? undefined : html`<h3>Parameters</h3><ul class="members">${parameters.map(each => parameterView(each, view))}</ul>`}
${bodyView(written["requestBody"], view)}
${answersView(objectOf(written["responses"]), view)}
</div>
</details>`;
}

function parameterView(parameter: JsonObject, view: SchemaView): Html {
  const { name, in: place, required, description, schema } = parameter;
  const need = required === true ? html` <span class="need">required</span>` : undefined;
  const head = html`<code class="name">${textOf(name)}</code> <span class="kind">${textOf(place)}, ${view.kind(schema)}</span>${need}`;
  const text = textOf(description);
  return html`<li>${head}${text === "" ? undefined : html`<div class="note">${text}</div>`}${view.below(schema)}</li>`;
}

function bodyView(body: unknown, view: SchemaView): Html | undefined {
  if (!isJsonObject(body)) return undefined;
  const title = body["required"] === true ? "Body, required" : "Body";
  return html`<h3>${title}</h3>${described(body["description"])}${contentView(body["content"], view, true)}`;
}

/** Shows answers that succeed with their schemas, the others in a line each. */
function answersView(answers: JsonObject, view: SchemaView): Html {
  const all = Object.entries(answers).map(([status, answer]) => [status, view.resolve(answer)] as const);
  const good = all.filter(([status]) => status.startsWith("2"));
  const bad = all.filter(([status]) => !status.startsWith("2"));
  const errors = bad.map(
    ([status, answer]) =>
      html`<li><code class="name">${status}</code> <span class="kind">${textOf(answer["description"])}</span></li>`,
  );
  return html`
${good.map(([status, answer]) => html`<h3>Answer ${status}</h3>${contentView(answer["content"], view, false) ?? html`<p class="quiet">No body</p>`}`)}
${errors.length === 0 ? undefined : html`<h3>Errors</h3><ul class="members">${errors}</ul>`}`;
}

function contentView(content: unknown, view: SchemaView, isGiven: boolean): Html | undefined {
  const types = Object.entries(objectOf(content));
  if (types.length === 0) return undefined;
  return html`${types.map(([type, media]) => view.body(type, objectOf(media)["schema"], isGiven))}`;
}

function serverView(document: JsonObject): Html | undefined {
  const [first] = Array.isArray(document["servers"]) ? document["servers"] : [];
  const url = textOf(objectOf(first)["url"]);
  return url === "" || url === "/" ? undefined : html`<code>${url}</code>`;
}

function securityView(document: JsonObject): Html | undefined {
  const schemes = Object.values(objectOf(objectOf(document["components"])["securitySchemes"])).filter(isJsonObject);
  if (schemes.length === 0) return undefined;
  return html`<p>Every request has to be authenticated: ${schemes.map(schemeText).join("; ")}.</p>`;
}

function schemeText({ type, scheme, name, in: place }: JsonObject): string {
  if (type === "apiKey") return `API key in the ${textOf(place)} ${textOf(name)}`;
  if (type === "http" && scheme === "basic") return "user name and password (Basic)";
  if (type === "http" && scheme === "digest") return "user name and password (Digest)";
  if (type === "http") return "bearer token in the header Authorization";
  return "OAuth 2 access token in the header Authorization";
}

function described(description: unknown): Html | undefined {
  const text = textOf(description).trim();
  return text === "" ? undefined : html`<p class="text">${text}</p>`;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : (stringify(value) ?? "");
}
