import type { Diagnostic } from "../../base/capability-error.ts";
import { invalidCapability } from "../document/document.ts";
import type { CapabilityDocument } from "../document/document-types.ts";
import type { Kinds } from "../document/kinds.ts";
import { ValueLocator } from "../document/locate-value.ts";
import type { ResolvedDocument } from "../document/resolve-document.ts";
import { collectElements } from "./elements.ts";
import { validate as matchesSchema } from "./generated/validate-first.js";
import type { ReportFinding, Rule } from "./rule.ts";
import { rules } from "./rules.ts";
import { schemaDiagnostics } from "./schema-diagnostics.ts";

const MAX_DEPTH = 100;
const MAX_NODES = 2_000_000;

type ValidationResult =
  | { readonly ok: true; readonly document: CapabilityDocument; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Checks a document against the JSON Schema of the language, then against the semantic rules. All findings are returned,
 * without places in the file; {@link locateDiagnostics} adds them.
 *
 * @param used the rules that are checked; by default all
 */
export async function validate(
  { value, origins }: Pick<ResolvedDocument, "value"> & Partial<ResolvedDocument>,
  kinds: Kinds,
  used: readonly Rule[] = rules,
): Promise<ValidationResult> {
  const other = notACapability(value) ?? tooDeep(value as object);
  if (other !== undefined) return { ok: false, diagnostics: [other] };
  if (matchesSchema(value)) return checkDocument(value as CapabilityDocument, [], kinds, used);
  const { readLeniently } = await import("./read-leniently.ts");
  const reading = readLeniently(value as object, origins);
  return reading.ok
    ? checkDocument(reading.value as CapabilityDocument, reading.findings, kinds, used)
    : { ok: false, diagnostics: await schemaDiagnostics(reading.value) };
}

function checkDocument(
  document: CapabilityDocument,
  found: readonly Diagnostic[],
  kinds: Kinds,
  used: readonly Rule[],
): ValidationResult {
  const diagnostics = [...found, ...checkRules(document, kinds, used)];
  if (diagnostics.some(({ severity }) => severity === "error")) return { ok: false, diagnostics };
  return { ok: true, document, diagnostics };
}

/**
 * Returns the valid document, with warnings and notes about it.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` with every error, in file order
 */
export async function requireValid(
  document: ResolvedDocument,
  kinds: Kinds,
): Promise<{ readonly document: CapabilityDocument; readonly diagnostics: readonly Diagnostic[] }> {
  const result = await validate(document, kinds);
  if (result.ok) {
    const diagnostics = result.diagnostics.map(found => withWrittenPointer(document, found));
    return { document: result.document, diagnostics };
  }
  const { withoutLiterals } = await import("./without-literals.ts");
  const located = withoutLiterals(await locateDiagnostics(document, result.diagnostics), document.value);
  throw invalidCapability(
    document.source,
    located.filter(({ severity }) => severity === "error"),
  );
}

/** Adds places in the file to diagnostics, and sorts them by these. */
export async function locateDiagnostics(
  document: ResolvedDocument,
  diagnostics: readonly Diagnostic[],
): Promise<Diagnostic[]> {
  if (diagnostics.length === 0) return [];
  const locator = new ValueLocator(document);
  const located = await Promise.all(
    diagnostics.map(async diagnostic => {
      const source = diagnostic.source ?? (await locator.find(diagnostic.pointer));
      const written = withWrittenPointer(document, diagnostic);
      return source === undefined ? written : { ...written, source };
    }),
  );
  return inFileOrder(located, document.source.file);
}

/** Sorts findings by their places in a file. Findings in files that it imports come last. */
export function inFileOrder<Found extends Diagnostic>(located: readonly Found[], file: string | undefined): Found[] {
  return located.toSorted((a, b) => {
    if (a.source === undefined || b.source === undefined) return 0;
    const foreign = Number(a.source.file !== file) - Number(b.source.file !== file);
    return foreign || a.source.line - b.source.line || a.source.column - b.source.column;
  });
}

/** Returns a finding with the pointer that its value has in its own file. */
function withWrittenPointer({ value, origins }: ResolvedDocument, found: Diagnostic): Diagnostic {
  return { ...found, pointer: origins.find(value, found.pointer).pointer };
}

function notACapability(value: unknown): Diagnostic | undefined {
  const found = (message: string): Diagnostic => ({
    severity: "error",
    rule: "document",
    message,
    pointer: "",
  });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const kind =
      value === null || value === undefined ? "empty" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
    return found(`This is not a capability: the document is ${kind}, not a map with the key "naftiko" or "ikanos"`);
  }
  if (Object.hasOwn(value, "naftiko")) return undefined;
  const keys = Object.keys(value).slice(0, 5).join(", ");
  return found(
    `This is not a capability: it has neither "naftiko" nor "ikanos" at its root${keys === "" ? "" : ` (found ${keys})`}`,
  );
}

/**
 * Returns a finding for a document that is too deep. It bounds all recursion over a document, and catches cyclic
 * objects of programs.
 */
export function tooDeep(value: object): Diagnostic | undefined {
  let nodes = 0;
  const fits = (node: object, depth: number): boolean => {
    if (depth > MAX_DEPTH || ++nodes > MAX_NODES) return false;
    const members: readonly unknown[] = Array.isArray(node) ? node : Object.values(node);
    for (const member of members) {
      if (typeof member === "object" && member !== null && !fits(member, depth + 1)) return false;
    }
    return true;
  };
  if (fits(value, 0)) return undefined;
  const message = `The document is nested more than ${MAX_DEPTH} levels deep, or holds itself`;
  return { severity: "error", rule: "document", message, pointer: "" };
}

function checkRules(document: CapabilityDocument, kinds: Kinds, used: readonly Rule[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const elements = collectElements(document);
  for (const rule of used) {
    const report: ReportFinding = (severity, pointer, message, remedy) => {
      const found = { severity, rule: rule.name, message, pointer };
      diagnostics.push(remedy === undefined ? found : { ...found, remedy });
    };
    rule.document?.(document, report);
    if (rule.adapter)
      for (const { element, pointer } of elements.adapters) rule.adapter(element, pointer, report, kinds);
    if (rule.resource) for (const { element, pointer } of elements.resources) rule.resource(element, pointer, report);
    if (rule.operation) for (const element of elements.operations) rule.operation(element, report, kinds);
    if (rule.parameter)
      for (const { element, pointer, adapter } of elements.parameters)
        rule.parameter(element, pointer, report, adapter);
    if (rule.output) for (const { element, pointer } of elements.outputs) rule.output(element, pointer, report);
  }
  return diagnostics;
}
