import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { names, pathStep, plainName } from "./names.ts";

/** A member of a body, in a place where APIs mention pages. */
export interface PagingField {
  /** JSONPath of the member. */
  readonly path: string;
  /** Its plain name. */
  readonly name: string;
  /** The plain name of the object that contains it. Empty for the body. */
  readonly parent: string;
  readonly value: unknown;
}

/** Returns the paths of those fields that exist. */
export function pathsOf<Name extends string>(
  fields: Readonly<Record<Name, PagingField | undefined>>,
): Partial<Record<Name, string>> {
  const found = Object.entries<PagingField | undefined>(fields).flatMap(([name, field]) =>
    field === undefined ? [] : [[name, field.path]],
  );
  return Object.fromEntries(found) as Partial<Record<Name, string>>;
}

/** Names of objects with facts about pages. */
export const CONTAINERS: ReadonlySet<string> = names(
  "meta metadata responsemetadata pagination paginator paging page pages pageinfo resultinfo links cursors cursor next listmetadata listmeta",
);

const DEEPEST = 4;
/** Limit of fields. Bodies have dozens of members. Thousands of them are data. */
const MOST_FIELDS = 1_000;

/**
 * Returns the members of a body where APIs mention pages: its own, those of the object with the items, and those of
 * containers such as `meta` and `paging` in either.
 *
 * @param itemsPath JSONPath of the items
 */
export function pagingFields(body: unknown, itemsPath: string | undefined): PagingField[] {
  const fields: PagingField[] = [];
  if (isJsonObject(body)) collect(body, "$", "", itemsPath ?? "", fields);
  return fields;
}

function collect(
  object: JsonObject,
  path: string,
  parent: string,
  itemsPath: string,
  fields: PagingField[],
  depth = 0,
): void {
  for (const [name, value] of Object.entries(object)) {
    if (fields.length >= MOST_FIELDS) return;
    const plain = plainName(name);
    const below = `${path}${pathStep(name)}`;
    fields.push({ path: below, name: plain, parent, value });
    const isWay = CONTAINERS.has(plain) || /^[.[]/.test(behind(below, itemsPath));
    if (isWay && isJsonObject(value) && depth < DEEPEST) collect(value, below, plain, itemsPath, fields, depth + 1);
  }
}

/** Returns the rest of a path after its beginning. */
function behind(beginning: string, path: string): string {
  return path.startsWith(beginning) ? path.slice(beginning.length) : "";
}
