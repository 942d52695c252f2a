import { suggest } from "../../base/did-you-mean.ts";
import type { BindVariable } from "../document/declared-binds.ts";
import type { CapabilityDocument } from "../document/document-types.ts";
import { unitNames } from "../document/unit-names.ts";
import {
  isVariableName,
  type MistakenReference,
  mistakenReference,
  referenceWithin,
  unclosedReference,
} from "../expression/mistaken-reference.ts";
import type { Reference } from "./types.ts";
import type { UndeclaredName } from "./undeclared-name.ts";

/** Name in capitals, of several words: credentials do not look like that. */
const BARE = /^[A-Z][A-Z0-9]{0,99}(?:_[A-Z0-9]{1,99}){1,20}$/;

/** Names of templates, as the language writes them (chapter 4.1). */
const WELL_FORMED = /^[\p{L}\p{N}_\-.$@~[\]]+$/u;

/** Tells which names and texts of a document can only mean a variable, so that they are neither inputs nor literals. */
export class VariableNames {
  readonly #document: CapabilityDocument;
  readonly #variables: readonly BindVariable[];
  #known: ReadonlySet<string> | undefined;
  #spellings: ReadonlySet<string> | undefined;
  #unitNames: ReadonlySet<string> | undefined;

  constructor(document: CapabilityDocument, variables: readonly BindVariable[]) {
    this.#document = document;
    this.#variables = variables;
  }

  /**
   * Tells whether a name in double braces, which no declared input has, can only be a misspelt variable.
   *
   * @param inBody whether it stands in a body, where callers give most values: `{{user}}` is not the variable `USER`
   */
  isMisspelt(name: string, inBody: boolean): boolean {
    if (!WELL_FORMED.test(name)) return true;
    const dot = name.indexOf(".");
    if (inBody || !(this.#isDeclared(name) || (dot > 0 && isVariableName(name)))) return false;
    return !this.isOfUnit(name);
  }

  /** Tells whether a name is written as that of a variable, and no exposed unit or aggregate gives a value to it. */
  looksBound(name: string): boolean {
    return isVariableName(name) && !this.isOfUnit(name);
  }

  /** Tells whether an exposed unit or an aggregate gives a value to a name, or to the part before its first dot. */
  isOfUnit(name: string): boolean {
    this.#unitNames ??= unitNames(this.#document);
    const [head = name] = name.split(".", 1);
    return this.#unitNames.has(name) || this.#unitNames.has(head);
  }

  /** Returns the reference that a constant or credential looks like, and that is none. */
  mistakenIn(text: string): Reference | undefined {
    const found = mistakenReference(text, this.#isDeclared);
    if (found !== undefined) return this.#mistaken(found);
    if (!BARE.test(text)) return undefined;
    const [near] = suggest(text, this.#names());
    return near === undefined ? undefined : wrong(text, `no bind declares it: write {{${near}}}`);
  }

  /** Returns the unclosed reference in the text of a body. */
  unclosedIn(text: string): Reference | undefined {
    const found = unclosedReference(text, this.#isDeclared);
    return found && this.#mistaken(found);
  }

  /** Returns the very name of a variable that the text of a body or a query has in braces or signs of other languages. */
  mistakenWithin(text: string): UndeclaredName | undefined {
    const found = referenceWithin(text, name => this.#names().has(name));
    return found && this.#mistaken(found);
  }

  #mistaken({ written, name }: MistakenReference): UndeclaredName {
    const spelling = spellingOf(name);
    const names = this.#names();
    const meant = [...names].find(known => spellingOf(known) === spelling) ?? suggest(name, names)[0];
    const remedy = meant === undefined ? `write {{${name}}}, and add it to binds` : `write {{${meant}}}`;
    return wrong(written, `it would be sent as it stands: ${remedy}`);
  }

  readonly #isDeclared = (name: string): boolean => {
    this.#spellings ??= new Set([...this.#names()].map(spellingOf));
    return this.#spellings.has(spellingOf(name));
  };

  /** Returns every way to name a variable. */
  #names(): ReadonlySet<string> {
    this.#known ??= new Set([
      ...this.#variables.map(({ name }) => name),
      ...this.#variables.map(({ namespace, name }) => `${namespace}.${name}`),
    ]);
    return this.#known;
  }
}

function wrong(written: string, problem: string): UndeclaredName {
  return { kind: "undeclared", name: written, problem, declared: [] };
}

/** Returns a name without what people mix up: case, hyphens and underscores. */
function spellingOf(name: string): string {
  return name.replace(/[-_]/g, "").toLowerCase();
}
