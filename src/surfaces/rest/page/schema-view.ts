import { isJsonObject, type JsonObject, member } from "../../../base/json-object.ts";
import { pointedValue, referenceSegments } from "../../../base/json-pointer.ts";
import { stringify } from "../../../base/numbers/exact-json.ts";
import { type Html, html } from "./html.ts";

/** Levels of members that are shown. */
const DEEPEST = 6;
/** Members of one schema that are shown, on all levels. */
const MOST_MEMBERS = 300;
/** Schemas that are looked into, for one that is shown. */
const MOST_STEPS = 1_000;
/** Alternatives whose members are shown. */
const MOST_PARTS = 8;
/** Values of an `enum` that are listed. */
const MOST_CHOICES = 12;

/** Writes schemas of a document for people. */
export class SchemaView {
  readonly #document: JsonObject;
  #left = MOST_MEMBERS;
  #steps = MOST_STEPS;
  /** Whether members that are required are marked. */
  #marks = true;

  constructor(document: JsonObject) {
    this.#document = document;
  }

  /**
   * Writes the schema of a body of a media type.
   *
   * @param isGiven whether callers give the body: members that they have to give are marked
   */
  body(mediaType: string, schema: unknown, isGiven: boolean): Html {
    this.#begin(isGiven);
    const found = this.resolve(schema);
    const head = html`<p class="kind"><code>${mediaType}</code> ${kindOf(found)}</p>`;
    return html`${head}${note(found)}${this.#members(found, 0)}`;
  }

  /** Returns the type of a schema in words. */
  kind(schema: unknown): string {
    return kindOf(this.resolve(schema));
  }

  /** Writes the members below a parameter, which is told of in a line of its own. */
  below(schema: unknown): Html | undefined {
    this.#begin(true);
    return this.#members(this.resolve(schema), 0);
  }

  /** Returns a part of the document in place of a reference to it. */
  resolve(written: unknown): JsonObject {
    if (!isJsonObject(written)) return {};
    const reference = member(written, "$ref");
    const segments = typeof reference === "string" ? referenceSegments(reference) : undefined;
    if (segments === undefined) return written;
    const found = pointedValue(this.#document, segments);
    // A component of this document is no reference itself.
    return isJsonObject(found) ? found : {};
  }

  #begin(isGiven: boolean): void {
    this.#left = MOST_MEMBERS;
    this.#steps = MOST_STEPS;
    this.#marks = isGiven;
  }

  #members(schema: JsonObject, depth: number): Html | undefined {
    const shown = this.#shownMembers(schema);
    if (shown.length === 0) return undefined;
    if (depth >= DEEPEST) return html`<p class="quiet">…</p>`;
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const items = shown.map(([name, part]) => {
      if (this.#left-- <= 0) return undefined;
      const found = this.resolve(part);
      const need = this.#marks && required.includes(name) ? html` <span class="need">required</span>` : undefined;
      const head = html`<code class="name">${name}</code> <span class="kind">${kindOf(found)}</span>${need}`;
      return html`<li>${head}${note(found)}${this.#members(found, depth + 1)}</li>`;
    });
    const cut = this.#left < 0 ? html`<li class="quiet">…</li>` : undefined;
    return html`<ul class="members">${items}${cut}</ul>`;
  }

  /** Returns the members of an object, of the items of an array, or of each alternative. */
  #shownMembers(schema: JsonObject, hops = 0): readonly (readonly [string, unknown])[] {
    // A list may be of itself, and an alternative the whole.
    if (hops > DEEPEST || this.#steps-- <= 0) return [];
    const { properties, items, additionalProperties: others } = schema;
    if (isJsonObject(properties)) return Object.entries(properties);
    if (isJsonObject(items)) return this.#shownMembers(this.resolve(items), hops + 1);
    if (isJsonObject(others)) return [["…", others]];
    const parts = schema["allOf"] ?? schema["anyOf"] ?? schema["oneOf"];
    return Array.isArray(parts)
      ? parts.slice(0, MOST_PARTS).flatMap(part => this.#shownMembers(this.resolve(part), hops + 1))
      : [];
  }
}

function kindOf(schema: JsonObject): string {
  const { type, items, format, const: fixed } = schema;
  const types = (Array.isArray(type) ? type : type === undefined ? [] : [type]).map(String);
  const ofItems = isJsonObject(items) && typeof items["type"] === "string" ? ` of ${items["type"]}` : "";
  const written = types.map(each => (each === "array" ? `array${ofItems}` : each)).join(" or ") || "any";
  const bounds = BOUNDS.flatMap(([name, sign]) =>
    schema[name] === undefined ? [] : [`${sign} ${text(schema[name])}`],
  );
  return [
    typeof format === "string" ? `${written} (${format})` : written,
    ...bounds,
    ...(fixed === undefined ? [] : [`always ${text(fixed)}`]),
    ...choices(schema),
    ...(schema["default"] === undefined || fixed !== undefined ? [] : [`default ${text(schema["default"])}`]),
  ].join(", ");
}

const BOUNDS = [
  ["minimum", "≥"],
  ["maximum", "≤"],
  ["exclusiveMinimum", ">"],
  ["exclusiveMaximum", "<"],
  ["minLength", "length ≥"],
  ["maxLength", "length ≤"],
  ["pattern", "pattern"],
] as const;

function choices({ enum: values }: JsonObject): string[] {
  if (!Array.isArray(values) || values.length === 0) return [];
  const shown = values.slice(0, MOST_CHOICES).map(text);
  return [`one of ${shown.join(", ")}${values.length > MOST_CHOICES ? ", …" : ""}`];
}

function text(value: unknown): string {
  const written = typeof value === "string" ? value : (stringify(value) ?? "");
  return written.length > 80 ? `${written.slice(0, 79)}…` : written;
}

function note({ description }: JsonObject): Html | undefined {
  return typeof description === "string" && description !== ""
    ? html`<div class="note">${description}</div>`
    : undefined;
}
