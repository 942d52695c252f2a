import { checkValue } from "./check-value.ts";
import { compilePatterns } from "./compile-patterns.ts";
import type { ValueProblem } from "./place.ts";
import { type Schema, SchemaDocument } from "./schema-document.ts";

/** Checks a value. Returns the reasons why it does not keep to the schema. */
type SchemaCheck = (value: unknown) => readonly ValueProblem[];

/**
 * Compiles a JSON Schema of 2020-12. It is interpreted: no code is made of it, its patterns take time in proportion to
 * the text, and what one value may take is bounded. A pattern that looks around or refers back is not checked.
 */
export async function compileSchema(schema: Schema): Promise<SchemaCheck> {
  const document = new SchemaDocument(schema);
  const patterns = await compilePatterns(document.patterns);
  return value => checkValue(document, value, patterns);
}
