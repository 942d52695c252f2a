import { SaxesParser, type SaxesTagPlain } from "saxes";
import { DecodeLimitError, type ValueCount } from "../../base/decode-limits.ts";
import { decodeText } from "./decode-text.ts";
import { xmlCharset } from "./document-charset.ts";
import { type Decode, MAX_DEPTH } from "./raw-format.ts";

/** Reads XML. */
export const decodeXml: Decode = decodeText(parseXml, {
  declared: xmlCharset,
});

const INSTANCE_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance";

/** Prefixes of the namespace of `xsi:nil`. Documents without declarations mean it by `xsi`. */
const USUAL_PREFIXES: ReadonlySet<string> = new Set(["xsi"]);

/** An open element. */
class Element {
  readonly name: string;
  readonly #instancePrefixes: ReadonlySet<string>;
  readonly #isNil: boolean;
  readonly #members = new Map<string, unknown>();
  #text = "";
  /** Whether the text has more than white space, which is layout between elements. */
  #hasContent = false;
  #hasChildren = false;

  constructor({ name, attributes }: SaxesTagPlain, parent: Element | undefined) {
    this.name = localName(name);
    const entries = Object.entries(attributes);
    this.#instancePrefixes = instancePrefixes(
      entries,
      parent === undefined ? USUAL_PREFIXES : parent.#instancePrefixes,
    );
    const isOfInstance = (attribute: string) => this.#instancePrefixes.has(prefixOf(attribute));
    const nil = entries.find(([attribute]) => localName(attribute) === "nil" && isOfInstance(attribute));
    this.#isNil = nil !== undefined && /^\s*(?:true|1)\s*$/.test(nil[1]);
    for (const [attribute, value] of entries) {
      if (attribute === "xmlns" || attribute.startsWith("xmlns:") || attribute === nil?.[0]) continue;
      // The type that nothing has tells nothing.
      if (!(this.#isNil && isOfInstance(attribute))) this.#add(localName(attribute), value);
    }
  }

  addChild({ name, value }: Element): void {
    if (!this.#hasContent) this.#text = "";
    this.#hasChildren = true;
    this.#add(name, value);
  }

  addText(text: string): void {
    const isBlank = text.trim() === "";
    if (!isBlank) this.#hasContent = true;
    if (!this.#hasChildren || !isBlank) this.#text += text;
  }

  get value(): unknown {
    // Nothing stands in such an element (XML Schema, 2.6.2), but attributes may.
    if (this.#isNil && !this.#hasContent && !this.#hasChildren) {
      return this.#members.size === 0 ? null : { ...Object.fromEntries(this.#members), "": null };
    }
    if (this.#members.size === 0) return this.#text;
    if (this.#hasContent) this.#add("", this.#text);
    return Object.fromEntries(this.#members);
  }

  #add(name: string, value: unknown): void {
    const present = this.#members.get(name);
    if (present === undefined) this.#members.set(name, value);
    else if (Array.isArray(present)) present.push(value);
    else this.#members.set(name, [present, value]);
  }
}

function parseXml(text: string, count: ValueCount): unknown {
  const parser = new SaxesParser();
  const open: Element[] = [];
  let root: Element | undefined;
  parser.on("attribute", () => count.add(1));
  parser.on("opentag", tag => {
    count.add(1);
    if (open.length >= MAX_DEPTH) throw new RangeError(`it nests more than ${MAX_DEPTH} levels`);
    open.push(new Element(tag, open.at(-1)));
  });
  parser.on("closetag", () => {
    const element = open.pop();
    if (element === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.addChild(element);
  });
  const onText = (found: string) => open.at(-1)?.addText(found);
  parser.on("text", onText);
  parser.on("cdata", onText);
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof RangeError || error instanceof DecodeLimitError) throw error;
    throw new Error(`it is not XML: ${(error as Error).message.replace(/\.$/, "")}`);
  }
  return root?.value ?? null;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function prefixOf(name: string): string {
  return name.slice(0, Math.max(name.indexOf(":"), 0));
}

/** Returns the prefixes that mean the namespace of `xsi:nil` within an element. */
function instancePrefixes(
  attributes: readonly (readonly [name: string, value: string])[],
  outer: ReadonlySet<string>,
): ReadonlySet<string> {
  let prefixes: Set<string> | undefined;
  for (const [name, value] of attributes) {
    if (!name.startsWith("xmlns:")) continue;
    const prefix = localName(name);
    if (outer.has(prefix) === (value === INSTANCE_NAMESPACE)) continue;
    prefixes ??= new Set(outer);
    if (value === INSTANCE_NAMESPACE) prefixes.add(prefix);
    else prefixes.delete(prefix);
  }
  return prefixes ?? outer;
}
