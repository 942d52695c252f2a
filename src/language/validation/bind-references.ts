import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { writtenParts } from "./written-parts.ts";

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
const INPUT_FIELDS = ["value", "template"] as const;
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
  for (const { kind, part } of writtenParts(value)) {
    if (kind !== "bind") continue;
    const keys = member(part, "keys");
    const namespace = member(part, "namespace");
    for (const name of isJsonObject(keys) ? Object.keys(keys) : []) {
      namespaces.set(name, (namespaces.get(name) ?? new Set()).add(namespace));
      if (namespace === "env") env.add(name);
    }
  }
  const bare = [...namespaces].filter(([, declaring]) => declaring.size === 1).map(([name]) => name);
  return { bare: new Set(bare), env };
}

/** Yields every credential field and value of a consumed input, with its pointer. */
function* referringTexts(document: JsonObject): Generator<readonly [pointer: string, text: string]> {
  for (const { kind, part, pointer } of writtenParts(document)) {
    const names = kind === "authentication" ? CREDENTIAL_FIELDS : kind === "parameter" ? INPUT_FIELDS : [];
    for (const name of names) {
      const text = member(part, name);
      if (typeof text === "string") yield [`${pointer}/${name}`, text];
    }
  }
}
