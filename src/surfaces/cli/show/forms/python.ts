import { replaceHostile } from "../../../../base/visible-text.ts";
import { usageError } from "../../usage-error.ts";
import type { Pieces, ShownRequest } from "../pieces.ts";
import { expression, type ProgramLanguage, stringLiteral } from "../program-text.ts";
import type { ShowForm } from "../show-form.ts";

/**
 * Writes a program for Python 3 without packages. Unlike the clients built upon it, `http.client` adds nothing to the
 * request.
 */
export const python: ShowForm = request => {
  const { method, url, headers, body } = request;
  const { isSecure, host, target } = splitPieces(url);
  const modules = new Set(["http.client"]);
  const language = pythonWith(modules);
  const lines = [
    `connection = http.client.${isSecure ? "HTTPSConnection" : "HTTPConnection"}(${expression(host, language)})`,
    `connection.putrequest(${stringLiteral(method)}, ${expression(target, language)}, skip_accept_encoding=True)`,
    ...headers.map(([name, value]) => `connection.putheader(${stringLiteral(name)}, ${expression(value, language)})`),
    ...(body === undefined ? ["connection.endheaders()"] : bodyLines(body, language, modules)),
    "response = connection.getresponse()",
    'print(response.status, response.read().decode(errors="replace"))',
  ];
  const program = `import ${[...modules].sort().join(", ")}\n\n${lines.join("\n")}`;
  // These are beyond the basic plane, and in string literals.
  return replaceHostile(program, character => `\\U${character.codePointAt(0)?.toString(16).padStart(8, "0")}`);
};

function bodyLines(body: NonNullable<ShownRequest["body"]>, language: ProgramLanguage, modules: Set<string>): string[] {
  let value: string;
  if (body instanceof Uint8Array) {
    modules.add("base64");
    value = `base64.b64decode(${stringLiteral(Buffer.from(body).toString("base64"))})`;
  } else {
    const text = expression(body, language);
    value = `${body.length > 1 ? `(${text})` : text}.encode()`;
  }
  return [`body = ${value}`, 'connection.putheader("content-length", str(len(body)))', "connection.endheaders(body)"];
}

/** Splits a URL for `http.client`. It is not parsed, as that would change it. */
function splitPieces([first, ...rest]: Pieces): { isSecure: boolean; host: Pieces; target: Pieces } {
  const scheme = typeof first === "string" ? /^(https?):\/\//i.exec(first) : null;
  if (scheme === null || typeof first !== "string") {
    throw usageError(
      "Cannot show the call in Python, where the variable holds the scheme: use --dry-run=curl, or give --base-uri",
    );
  }
  const pieces = [first.slice(scheme[0].length), ...rest];
  const index = pieces.findIndex(piece => typeof piece === "string" && /[/?]/.test(piece));
  const last = pieces[index];
  const isSecure = scheme[1]?.toLowerCase() === "https";
  if (typeof last !== "string") return { isSecure, host: pieces, target: ["/"] };
  const end = last.search(/[/?]/);
  const target = last.slice(end).replace(/^\?/, "/?");
  return {
    isSecure,
    host: [...pieces.slice(0, index), last.slice(0, end)].filter(piece => piece !== ""),
    target: [target, ...pieces.slice(index + 1)],
  };
}

/** Creates the language of a program, which collects the modules that it uses. */
function pythonWith(modules: Set<string>): ProgramLanguage {
  const use = (module: string, code: string) => {
    modules.add(module);
    return code;
  };
  const quote = (value: string) => use("urllib.parse", `urllib.parse.quote(${value}, safe="!'()*")`);
  return {
    variable: name => use("os", `os.environ[${stringLiteral(name)}]`),
    encoded: {
      percent: quote,
      form: value => use("urllib.parse", `urllib.parse.quote_plus(${value}, safe="*").replace("~", "%7E")`),
      json: value => use("json", `json.dumps(${value}, ensure_ascii=False)[1:-1]`),
      xml: value => use("xml.sax.saxutils", `xml.sax.saxutils.escape(${value}, {'"': "&quot;", "'": "&apos;"})`),
      cookie: value => use("re", `re.sub(r"[^!#-+\\--:<-\\[\\]-~]+", lambda m: ${quote("m[0]")}, ${value})`),
    },
    base64: value => use("base64", `base64.b64encode((${value}).encode()).decode()`),
  };
}
