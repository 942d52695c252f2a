import { visibleText } from "../../../../base/visible-text.ts";
import { usageError } from "../../usage-error.ts";
import { hasContentType, hasDotSegments, type Pieces, type ShownRequest } from "../pieces.ts";
import { expression, type ProgramLanguage, stringLiteral } from "../program-text.ts";
import type { ShowForm } from "../show-form.ts";

/** Writes an ES module for Node 18 or later. Fetch writes `'` in a query as `%27`, which means the same. */
export const fetchForm: ShowForm = request => {
  check(request);
  const { method, url, headers, body } = request;
  const lines = [
    `const response = await fetch(${expression(url, javaScript)}, {`,
    `  method: ${stringLiteral(method)},`,
    "  headers: {",
    ...headers.map(([name, value]) => `    ${memberName(name)}: ${expression(value, javaScript)},`),
    "  },",
    ...(body === undefined ? [] : [`  body: ${bodyExpression(body, hasContentType(request))},`]),
    '  redirect: "manual",',
    "});",
    "console.log(response.status, await response.text());",
  ];
  // Special characters are in string literals.
  return visibleText(lines.join("\n"));
};

/** Refuses requests that the Fetch standard does not allow. */
function check({ method, url, body }: ShownRequest): void {
  const refuse = (reason: string) => usageError(`Cannot show the call as fetch, which ${reason}: use --dry-run=curl`);
  if (/^(?:CONNECT|TRACE|TRACK)$/.test(method)) throw refuse(`does not send ${method}`);
  if (body !== undefined && /^(?:GET|HEAD)$/.test(method)) throw refuse(`sends no body with ${method}`);
  if (hasDotSegments(url)) throw refuse('folds the "." and ".." of a path');
}

function memberName(name: string): string {
  return /^[a-z]+$/.test(name) ? name : stringLiteral(name);
}

/** Writes a body. Text without a type is given as bytes: fetch would add a type to text. */
function bodyExpression(body: Pieces | Uint8Array, isTyped: boolean): string {
  if (body instanceof Uint8Array)
    return `Buffer.from(${stringLiteral(Buffer.from(body).toString("base64"))}, "base64")`;
  const text = expression(body, javaScript);
  return isTyped ? text : `Buffer.from(${text})`;
}

const javaScript: ProgramLanguage = {
  variable: name => `process.env.${name}`,
  encoded: {
    percent: value => `encodeURIComponent(${value})`,
    form: value => `new URLSearchParams([["", ${value}]]).toString().slice(1)`,
    json: value => `JSON.stringify(${value}).slice(1, -1)`,
    xml: value =>
      `${value}.replace(/[&<>"']/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" })[c])`,
    cookie: value => `${value}.replace(/[^!#-+\\--:<-[\\]-~]+/gu, encodeURIComponent)`,
  },
  base64: value => `Buffer.from(${value}).toString("base64")`,
};
