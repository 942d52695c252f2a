import { quoteValue } from "../base/visible-text.ts";
import { compilePagination } from "../engine/pagination/compile-pagination.ts";
import { detectPagination } from "../engine/pagination/detect-pagination.ts";
import type { PageAnswer } from "../engine/pagination/page.ts";
import { type NextPage, PageError, SettingsError } from "../engine/pagination/scheme.ts";
import { schemes } from "../engine/pagination/schemes.ts";
import { readScalar } from "../engine/request/read-text.ts";
import type { Operation } from "../language/model/types.ts";
import { schemeNames } from "../language/overlays/pagination.ts";
import { agentLine } from "./agent-text.ts";
import type { Arguments } from "./arguments.ts";

/** A page of a list, as it was answered. */
interface AnsweredPage {
  /** Name of the tool. */
  readonly tool: string;
  readonly declared: Arguments;
  readonly inputs: PageAnswer["inputs"];
  readonly answer: Omit<PageAnswer, "inputs">;
}

/** Tells by which arguments a list goes on. `undefined` for an answer that is whole, or does not tell. */
export function nextPageNote(operation: Operation, page: AnsweredPage): string | undefined {
  const next = nextPage(operation, { ...page.answer, inputs: page.inputs });
  if (next === undefined) return undefined;
  const { way, isStated } = next;
  const values = way.kind === "input" ? ofInput(way, page.declared) : ofUrl(way.url, operation, page);
  if (values === undefined) return "This is not the whole list, and no argument leads to the next page";
  const shown = values.map(([name, value]) => `${name} = ${agentLine(quoteValue(value, 2_000), 2_000)}`).join(", ");
  return `There ${isStated ? "is" : "may be"} more: the next page is ${page.tool} with ${shown}, and the other arguments as they were`;
}

/** The way to the next page, and whether the API names it: without that, pages are counted. */
interface FoundPage {
  readonly way: NextPage;
  readonly isStated: boolean;
}

type NamedValue = readonly [name: string, value: unknown];

function nextPage(operation: Operation, answer: PageAnswer): FoundPage | undefined {
  try {
    const described = operation.pagination?.value;
    const detected = described === undefined ? detectPagination(operation, answer) : undefined;
    const pagination = described ?? (detected?.kind === "found" ? detected.pagination : undefined);
    if (pagination === undefined) return undefined;
    const { readItems, findNext } = compilePagination(pagination, operation);
    const count = readItems(answer.body)?.length;
    const way = findNext({ answer, count, seen: count ?? 0 });
    const isStated = schemeNames.some(name => Object.hasOwn(pagination, name) && schemes[name].isStated);
    return way === undefined ? undefined : { way, isStated };
  } catch (error) {
    // The answer stands, whatever is wrong with how it goes on.
    if (error instanceof SettingsError || error instanceof PageError) return undefined;
    throw error;
  }
}

function ofInput({ input, value }: Extract<NextPage, { readonly kind: "input" }>, declared: Arguments): NamedValue[] {
  for (const [name, { key }] of declared) {
    if (key === input) return [[name, value]];
    // A member of the whole body.
    if (key === "body" && input.startsWith("body.")) return [[name + input.slice("body".length), value]];
  }
  return [[input, value]];
}

/** Returns the arguments by which a URL differs from that of the page. `undefined` where it differs in others too. */
function ofUrl(text: string, operation: Operation, { declared, answer }: AnsweredPage): NamedValue[] | undefined {
  if (!URL.canParse(text, answer.url)) return undefined;
  const url = new URL(text, answer.url);
  const before = new URL(answer.url);
  if (url.origin !== before.origin || url.pathname !== before.pathname) return undefined;
  const queried = new Map(
    Array.from(declared).flatMap(([name, input]) => (input.in === "query" ? [[input.name, { name, input }]] : [])),
  );
  const values: NamedValue[] = [];
  for (const name of new Set(url.searchParams.keys())) {
    const value = url.searchParams.get(name);
    if (value === before.searchParams.get(name)) continue;
    const argument = queried.get(name);
    // Parameters that the file fixes are sent with every call.
    if (argument === undefined && operation.parameters.some(parameter => parameter.name === name)) continue;
    if (argument === undefined) return undefined;
    values.push([argument.name, readScalar(argument.input.type, value ?? "")]);
  }
  return values.length === 0 ? undefined : values;
}
