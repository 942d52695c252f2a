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

/** A pagination, ready to be walked. */
export interface CompiledPagination {
  /** Returns the items of a body, or `undefined` if they are unknown. */
  readonly readItems: (body: unknown) => readonly unknown[] | undefined;
  readonly findNext: FindNext;
  /** Whether the description has the path of the items. */
  readonly hasItems: boolean;
}

/**
 * Compiles a description.
 *
 * @throws SettingsError for a description that is malformed or does not fit the operation
 */
export function compilePagination(description: unknown, operation: Operation): CompiledPagination {
  if (!isJsonObject(description)) throw new SettingsError(`is not an object: ${quoteValue(description)}`);
  const name = schemeOf(description);
  return {
    readItems: compileItems(description["items"]),
    findNext: schemes[name].compile(description[name], operation),
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

/** Compiles a path of items. Without one, the items are found in each body. */
export function compileItems(path: unknown): CompiledPagination["readItems"] {
  if (path === undefined) return body => findItems(body)?.list;
  const { read } = compileAnyPath("items", path);
  return body => listOf(read(body));
}

function listOf(found: ReturnType<Accessor>): readonly unknown[] {
  // APIs leave an empty list out, or write null.
  if (found === null || found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}
