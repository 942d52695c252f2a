import {
  basicCredentials,
  hasContentType,
  hasDotSegments,
  joinPieces,
  type Pieces,
  type ShownRequest,
} from "../pieces.ts";
import { bodyCommand, ShellWords } from "../shell-words.ts";
import type { ShowForm } from "../show-form.ts";

/** Size of a body beyond which curl asks first whether the server wants it, in bytes. */
const EXPECT_BYTES = 1024;

/** Writes a command of curl 7.42 or later. */
export const curl: ShowForm = request => {
  const words = new ShellWords();
  // -q must be first: the reader's ~/.curlrc does not count.
  const start = ["curl -q", ...methodOptions(request), ...urlOptions(request, words)].join(" ");
  const options = request.headers.map(([name, value]) => headerOption(name, value, words));
  const input = request.body === undefined ? undefined : bodyCommand(request.body, words);
  if (request.body !== undefined) options.push(...bodyOptions(request, input !== undefined, words));
  const command = [start, ...options].join(" \\\n  ");
  return `${words.definitions()}${input === undefined ? "" : `${input} | `}${command}`;
};

function methodOptions({ method, body }: ShownRequest): string[] {
  if (method === "HEAD") {
    // --head cannot have a body, and with -X HEAD curl would wait for the body of the answer.
    return body === undefined ? ["--head"] : ["-X HEAD", "--ignore-content-length", "-H 'connection: close'"];
  }
  return method === "GET" && body === undefined ? [] : [`-X ${method}`];
}

function urlOptions({ url }: ShownRequest, words: ShellWords): string[] {
  const text = joinPieces(url, () => "x");
  return [
    ...(hasDotSegments(url) ? ["--path-as-is"] : []),
    ...(/[[\]{}]/.test(text) ? ["--globoff"] : []),
    words.word(url),
  ];
}

function headerOption(name: string, value: Pieces, words: ShellWords): string {
  const credentials = basicCredentials(name, value);
  if (credentials !== undefined) return `-u ${words.word(credentials)}`;
  // "name:" would omit the header.
  const isEmpty = value.every(piece => piece === "");
  return `-H ${words.headerWord(isEmpty ? [`${name};`] : [`${name}: `, ...value])}`;
}

function bodyOptions(request: ShownRequest, isPiped: boolean, words: ShellWords): string[] {
  const { body } = request;
  if (body === undefined) return [];
  const options: string[] = [];
  if (!hasContentType(request)) options.push("-H content-type:");
  if (lengthOf(body) > EXPECT_BYTES) options.push("-H expect:");
  if (isPiped) options.push("--data-binary @-");
  else if (!(body instanceof Uint8Array)) options.push(`--data-raw ${words.word(body)}`);
  return options;
}

function lengthOf(body: Pieces | Uint8Array): number {
  return body instanceof Uint8Array ? body.length : Buffer.byteLength(joinPieces(body, () => ""));
}
