import { baseUriProblem, shownBaseUri } from "../../../language/expression/base-uri.ts";
import { parseTemplate } from "../../../language/expression/template.ts";
import { isTransportHeader } from "../../../language/expression/transport-header.ts";
import type { Choice } from "../ask.ts";
import type { Terminal } from "../command-context.ts";
import { usageError } from "../usage-error.ts";
import { AUTHENTICATIONS, METHODS, type NewCapability, operationName, type PLACEMENTS } from "./new-capability.ts";

/** Settings as the options of `init` give them. */
export interface GivenSettings {
  readonly baseUri: string | undefined;
  readonly auth: (typeof AUTHENTICATIONS)[number] | undefined;
  readonly authKey: string | undefined;
  readonly authPlacement: (typeof PLACEMENTS)[number] | undefined;
  readonly operation: string | undefined;
  readonly method: (typeof METHODS)[number] | undefined;
  readonly path: string | undefined;
}

interface Settling {
  readonly name: string;
  readonly given: GivenSettings;
  readonly terminal: Terminal | undefined;
}

/** The settings without which there is no capability, by their options. */
const NEEDED = { "--base-uri": "baseUri", "--auth": "auth", "--path": "path" } as const;

/**
 * Completes the settings of a new capability. Those that are needed and not given are asked for, and what belongs to
 * them; what else is not given has its default.
 *
 * @throws CapabilityError `USAGE` for a setting that will not do, or is missing where nobody is asked
 */
export async function settleCapability({ name, given, terminal }: Settling): Promise<NewCapability> {
  if (terminal === undefined) requireNeeded(name, given);
  const baseUri = await textOf(terminal, given.baseUri, {
    option: "--base-uri",
    message: `Base URI of ${name}, such as https://api.example.com/v1`,
    problem: newBaseUriProblem,
    show: shownBaseUri,
  });
  const authentication = await authenticationOf(given, terminal);
  const operation = await operationOf(given, terminal);
  return { name, baseUri: baseUri.replace(/\/+$/, ""), authentication, operation };
}

function requireNeeded(name: string, given: GivenSettings): void {
  const missing = Object.entries(NEEDED).flatMap(([option, key]) => (given[key] === undefined ? [option] : []));
  if (missing.length === 0) return;
  const usage = `naftiko init ${name} --base-uri URL --auth ${AUTHENTICATIONS.join("|")} --path PATH`;
  throw usageError(`Cannot make ${name} without ${missing.join(", ")}: there is no terminal to ask on`, usage);
}

async function authenticationOf(
  given: GivenSettings,
  terminal: Terminal | undefined,
): Promise<NewCapability["authentication"]> {
  const asked = given.auth === undefined ? terminal : undefined;
  const type =
    given.auth ??
    (await choiceOf(asked, "How does it know who calls?", [
      { value: "bearer", label: "By a token", hint: "authorization: Bearer …" },
      { value: "apikey", label: "By an API key", hint: "in a header or the query" },
      { value: "basic", label: "By user name and password", hint: "authorization: Basic …" },
      { value: "none", label: "It does not ask" },
    ]));
  if (type !== "apikey") {
    const [option] = [
      ...(given.authKey === undefined ? [] : ["--auth-key"]),
      ...(given.authPlacement === undefined ? [] : ["--auth-placement"]),
    ];
    if (option !== undefined) throw usageError(`Option ${option} goes with --auth apikey, not with ${type}`);
    return { type };
  }
  const placement =
    given.authPlacement ??
    (await choiceOf(asked, "Where does the key go?", [
      { value: "header", label: "A header" },
      { value: "query", label: "A query parameter" },
    ]));
  const key = await textOf(asked, given.authKey, {
    option: "--auth-key",
    message: `Name of the ${placement === "header" ? "header" : "query parameter"}`,
    usual: placement === "header" ? "X-API-Key" : "api_key",
    problem: text => keyProblem(text, placement),
  });
  return { type, key, placement };
}

async function operationOf(given: GivenSettings, terminal: Terminal | undefined): Promise<NewCapability["operation"]> {
  const asked = given.path === undefined ? terminal : undefined;
  const method =
    given.method ??
    (await choiceOf(
      asked,
      "Method of the first operation",
      METHODS.map(value => ({ value, label: value })),
    ));
  const written = await textOf(asked, given.path, {
    option: "--path",
    message: "Path of the first operation, such as /books/{isbn}",
    problem: pathProblem,
  });
  const path = written.startsWith("/") ? written : `/${written}`;
  const name = await textOf(asked, given.operation, {
    option: "--operation",
    message: "Name of the first operation",
    usual: operationName(method, path),
    problem: nameProblem,
  });
  return { name, method, path };
}

interface TextSetting {
  readonly option: string;
  readonly message: string;
  readonly usual?: string;
  /** Tells what is wrong with a text, as the end of a sentence that starts with "it". */
  readonly problem: (text: string) => string | undefined;
  /** Returns a text that will not do, without what must not be printed. */
  readonly show?: (text: string) => string;
}

async function textOf(
  terminal: Terminal | undefined,
  given: string | undefined,
  { option, message, usual, problem, show = text => text }: TextSetting,
): Promise<string> {
  if (given === undefined && terminal !== undefined) {
    const { Asker } = await import("../ask.ts");
    const asked = (text: string) => {
      const found = problem(text.trim());
      return found && `It ${found}`;
    };
    return (await new Asker(terminal).text({ message, usual, problem: asked })).trim();
  }
  const text = given?.trim() ?? usual ?? "";
  const found = problem(text);
  if (found !== undefined) throw usageError(`Option ${option} ${found}, found ${JSON.stringify(show(text))}`);
  return text;
}

/** Asks for one of several values. The first is the default where nobody is asked. */
async function choiceOf<Value>(
  terminal: Terminal | undefined,
  message: string,
  choices: readonly Choice<Value>[],
): Promise<Value> {
  if (terminal === undefined) return (choices[0] as Choice<Value>).value;
  const { Asker } = await import("../ask.ts");
  return new Asker(terminal).choice({ message, choices });
}

/** Tells what is wrong with a base URI. Placeholders such as `{region}` are inputs of each call. */
function newBaseUriProblem(text: string): string | undefined {
  if (text === "") return "is empty";
  if (text.includes("{{")) return "holds a variable: write {name} for an input";
  return baseUriProblem(text.replace(/\{([\w.-]+)\}/g, "$1"));
}

function pathProblem(text: string): string | undefined {
  if (text === "") return "is empty";
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return "is a URL: the base URI has its beginning";
  if (/[\s#\\]|[^ -~]/.test(text)) return "has white space or a character that is to be percent-encoded";
  const parsed = parseTemplate(text, "path");
  if (!parsed.ok) return `is no path: ${parsed.reason}`;
  const isOpen = /[{}]/.test(text.replace(/\{+[^{}]+\}+/g, ""));
  return isOpen ? "has a brace that belongs to no placeholder such as {isbn}" : undefined;
}

/** The characters of a name of the language, and those that published files use besides. */
function nameProblem(text: string): string | undefined {
  if (text === "") return "is empty";
  if (/^[A-Za-z\d][\w-]*$/.test(text)) return undefined;
  return "has other characters than letters, digits, hyphens and underscores, or begins with none of the first two";
}

function keyProblem(text: string, placement: "header" | "query"): string | undefined {
  if (text === "") return "is empty";
  // Names of headers are tokens (RFC 9110, 5.6.2).
  const isKey = placement === "header" ? /^[!#$%&'*+.^_`|~\w-]+$/.test(text) : /^[^\s{}]+$/.test(text);
  if (placement === "header" && isTransportHeader(text)) return "is a header that only the transport may write";
  return isKey ? undefined : `cannot be the name of a ${placement === "header" ? "header" : "query parameter"}`;
}
