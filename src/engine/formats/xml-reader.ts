import { SaxesParser, type SaxesTagPlain } from "saxes";
import { DecodeLimitError, type ValueCount } from "../../base/decode-limits.ts";
import { decodeText } from "./decode-text.ts";
import { type Decode, MAX_DEPTH } from "./raw-format.ts";

/** Reads XML. */
export const decodeXml: Decode = decodeText(parseXml, {
  declared: declaredCharset,
});

/** An open element. */
class Element {
  readonly name: string;
  readonly #members = new Map<string, unknown>();
  #text = "";
  /** Whether the text has more than white space, which is layout between elements. */
  #hasContent = false;
  #hasChildren = false;

  constructor({ name, attributes }: SaxesTagPlain) {
    this.name = localName(name);
    for (const [attribute, value] of Object.entries(attributes)) {
      if (attribute !== "xmlns" && !attribute.startsWith("xmlns:")) this.#add(localName(attribute), value);
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
    open.push(new Element(tag));
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

/** Returns the `encoding` of the XML declaration, which is ASCII in every charset that has one. */
function declaredCharset(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  return /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
}
