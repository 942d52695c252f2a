import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { Operation } from "../../language/model/types.ts";
import { type SchemeName, schemeNames } from "../../language/overlays/pagination.ts";
import type { Accessor } from "../outputs/compile-json-path.ts";
import { findItems } from "./find-items.ts";
import { type FindNext, SettingsError } from "./scheme.ts";
import { schemes } from "./schemes.ts";
import { compileAnyPath } from "./settings-reader.ts";

/** A pagination that can be walked. */
export interface CompiledPagination {
  /** The items of a body; nothing where it has none that can be told. */
  readonly readItems: (body: unknown) => readonly unknown[] | undefined;
  readonly findNext: FindNext;
  /** Whether the items' path was given, so that they are what is wanted of each page. */
  readonly hasItems: boolean;
}

/**
 * Compiles a description.
 *
 * @throws SettingsError for one that is malformed, or that does not fit the operation
 */
export async function compilePagination(
  description: unknown,
  operation: Operation,
): Promise<CompiledPagination> {
  if (!isJsonObject(description)) throw new SettingsError(`is no object: ${quoteValue(description)}`);
  const name = schemeOf(description);
  return {
    readItems: await compileItems(description["items"]),
    findNext: await schemes[name].compile(description[name], operation),
    hasItems: description["items"] !== undefined,
  };
}

function schemeOf(description: JsonObject): SchemeName {
  const known: readonly string[] = [...schemeNames, "items"];
  for (const member of Object.keys(description)) {
    if (known.includes(member)) continue;
    throw new SettingsError(`has "${member}", which is not known${didYouMean(suggest(member, known))}`);
  }
  const given = schemeNames.filter(name => description[name] !== undefined);
  const [name] = given;
  if (name !== undefined && given.length === 1) return name;
  const found = given.length === 0 ? "none of them" : given.join(" and ");
  throw new SettingsError(`must have one of ${schemeNames.join(", ")}, and has ${found}`);
}

/** Reads the items of a page, by a path or where they are found on the first. */
export async function compileItems(path: unknown): Promise<CompiledPagination["readItems"]> {
  if (path === undefined) return body => findItems(body)?.list;
  const { read } = await compileAnyPath("items", path);
  return body => listOf(read(body));
}

function listOf(found: ReturnType<Accessor>): readonly unknown[] {
  // APIs leave an empty list out, or write null.
  if (found === null || found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}
