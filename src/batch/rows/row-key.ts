import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { isObject } from "../../base/json-object.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { compileJsonPath } from "../../engine/outputs/compile-json-path.ts";
import { parseJsonPath } from "../../language/expression/json-path.ts";
import { parseTemplate } from "../../language/expression/template.ts";
import { CellProblem } from "./cell-reader.ts";
import type { RowForm } from "./row-form.ts";
import { unknownColumn } from "./row-plan.ts";
import { rowsMisused } from "./rows-error.ts";

/**
 * Compiles `--key`: a column, a JSONPath (`$.a.b`) or a template (`{{a}}-{{b}}`).
 *
 * @returns a reader that throws CellProblem for a record without a key
 * @throws CapabilityError `USAGE`, or `ROW_INVALID` for a column that is not there
 */
export function compileKey<Value>(form: RowForm<Value>, source: string, key: string): (record: Value) => string {
  const read = expressionOf(form, source, key);
  return record => {
    const text = textOf(read(record));
    if (text === undefined) throw new CellProblem(`has no key: ${quoteValue(key)} gives no text and no number`);
    return text;
  };
}

function expressionOf<Value>(form: RowForm<Value>, source: string, key: string): (record: Value) => unknown {
  if (form.columns.includes(key)) return form.column(key);
  if (key.includes("{{") && !key.trim().startsWith("{{$")) return templateOf(form, source, key);
  if (!key.startsWith("$") && !key.startsWith("{{")) {
    const near = didYouMean(suggest(key, form.columns));
    throw rowsMisused(
      `--key ${quoteValue(key)} is no column of ${source}, no JSONPath ($.a.b) and no template ({{a}}-{{b}})${near}`,
    );
  }
  const parsed = parseJsonPath(key);
  if (!parsed.ok) throw rowsMisused(`Cannot read --key ${quoteValue(key)} as JSONPath: ${parsed.reason}`);
  const [step] = parsed.path.steps;
  if (step?.kind === "member" && !form.columns.includes(step.name))
    throw unknownColumn(source, "--key", step.name, form.columns);
  const extract = compileJsonPath(parsed.path);
  return record => extract(form.object(record));
}

function templateOf<Value>(form: RowForm<Value>, source: string, key: string): (record: Value) => unknown {
  const parsed = parseTemplate(key, "double");
  if (!parsed.ok) throw rowsMisused(`Cannot read --key ${quoteValue(key)} as a template: ${parsed.reason}`);
  if (parsed.parts.every(part => typeof part === "string"))
    throw rowsMisused(
      `--key ${quoteValue(key)} names no column, so that all rows would have one key: write {{column}}`,
    );
  const parts = parsed.parts.map(part => {
    if (typeof part === "string") return () => part;
    if (!form.columns.includes(part.name)) throw unknownColumn(source, "--key", part.name, form.columns);
    return form.column(part.name);
  });
  return record => {
    const texts = parts.map(part => textOf(part(record)));
    return texts.includes(undefined) ? undefined : texts.join("");
  };
}

/** Returns the text of a scalar, `undefined` for an empty one and for what is none. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || isObject(value)) return undefined;
  const text = String(value);
  return text === "" ? undefined : text;
}
