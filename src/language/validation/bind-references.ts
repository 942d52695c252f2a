import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { pointerSegment } from "../../base/json-pointer.ts";

/** Reference to a bind that is resolved here, and that other tools would send as text. */
interface BindReference {
  readonly pointer: string;
  readonly message: string;
  /** Text as it stands. */
  readonly written: string;
  /** The same reference in the form of the specification. */
  readonly meant: string;
}

const CREDENTIAL_FIELDS = ["token", "username", "password", "key", "value"] as const;
const RELIC = /\{\{\s*\$env\.([^{}]+?)\s*\}\}/g;

/**
 * Finds references to declared binds in an old form: a variable's name without braces (language chapter 3, rule 6), and
 * `{{$env.NAME}}` (chapter 4.1, F8).
 *
 * @param value a document of either generation, as written
 */
export function findBindReferences(value: unknown): BindReference[] {
  if (!isJsonObject(value)) return [];
  const variables = declaredVariables(value);
  if (variables.bare.size === 0 && variables.env.size === 0) return [];
  const references: BindReference[] = [];
  for (const [pointer, text] of referringTexts(value)) {
    const meant = variables.bare.has(text)
      ? `{{${text}}}`
      : text.replace(RELIC, (tag, name: string) => (variables.env.has(name) ? `{{env.${name}}}` : tag));
    if (meant === text) continue;
    const message = `${JSON.stringify(text)} is read as ${meant}; other tools send the text itself`;
    references.push({ pointer, message, written: text, meant });
  }
  return references;
}

interface Variables {
  /** Variables that their name alone identifies. */
  readonly bare: ReadonlySet<string>;
  /** Variables of the bind `env`. */
  readonly env: ReadonlySet<string>;
}

function declaredVariables(value: JsonObject): Variables {
  const namespaces = new Map<string, Set<unknown>>();
  const env = new Set<string>();
  for (const owner of [value, member(value, "capability")]) {
    for (const [, bind] of entries(owner, "binds")) {
      const keys = member(bind, "keys");
      const namespace = member(bind, "namespace");
      for (const name of isJsonObject(keys) ? Object.keys(keys) : []) {
        namespaces.set(name, (namespaces.get(name) ?? new Set()).add(namespace));
        if (namespace === "env") env.add(name);
      }
    }
  }
  const bare = [...namespaces].filter(([, declaring]) => declaring.size === 1).map(([name]) => name);
  return { bare: new Set(bare), env };
}

/** Yields every credential field and value of a consumed input, with its pointer. */
function* referringTexts(value: JsonObject): Generator<readonly [pointer: string, text: string]> {
  const owners = [
    ["", value],
    ["/capability", member(value, "capability")],
  ] as const;
  for (const [ownerPointer, owner] of owners) {
    for (const [index, adapter] of entries(owner, "consumes")) {
      const pointer = `${ownerPointer}/consumes/${index}`;
      yield* textsIn(member(adapter, "authentication"), `${pointer}/authentication`, CREDENTIAL_FIELDS);
      yield* inputTexts(adapter, pointer);
      for (const [resourceName, resource] of entries(adapter, "resources")) {
        const resourcePointer = `${pointer}/resources/${resourceName}`;
        yield* inputTexts(resource, resourcePointer);
        for (const [name, operation] of entries(resource, "operations"))
          yield* inputTexts(operation, `${resourcePointer}/operations/${name}`);
      }
    }
  }
}

function* inputTexts(owner: JsonObject, pointer: string): Generator<readonly [string, string]> {
  for (const [name, input] of entries(owner, "inputParameters"))
    yield* textsIn(input, `${pointer}/inputParameters/${name}`, ["value", "template"]);
}

function* textsIn(object: unknown, pointer: string, names: readonly string[]): Generator<readonly [string, string]> {
  if (!isJsonObject(object)) return;
  for (const name of names) {
    const text = member(object, name);
    if (typeof text === "string") yield [`${pointer}/${name}`, text];
  }
}

/** Returns the objects of a list or a map, with the pointer segments that lead to them. */
function entries(owner: unknown, name: string): (readonly [segment: string, entry: JsonObject])[] {
  const container = isJsonObject(owner) ? member(owner, name) : undefined;
  if (typeof container !== "object" || container === null) return [];
  return Object.entries(container).flatMap(([key, entry]: [string, unknown]) =>
    isJsonObject(entry) ? [[pointerSegment(key), entry] as const] : [],
  );
}
